/** @file A picture as a file: SVG or PNG, by the ending of its name. */
import type { Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { type PianoRollOptions, pianoRoll } from "../../plot/piano-roll.ts";
import type { Scene } from "../../plot/scene.ts";
import { toSvg } from "../../plot/svg.ts";
import { UsageError } from "../../util/errors.ts";

/** PNG needs an encoder, which is loaded where it is asked for. */
const encoders: Readonly<Record<string, (scene: Scene) => Promise<Uint8Array>>> = {
  ".svg": async (scene) => new TextEncoder().encode(toSvg(scene)),
  ".png": async (scene) => (await import("../../plot/png.ts")).toPng(scene),
};

function encoderOf(path: string) {
  return Object.entries(encoders).find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];
}

/** Asked before anything is read. */
export function checkPicture(path: string): void {
  if (encoderOf(path)) return;
  throw new UsageError(`found --plot ${path}, expected a name that ends in .svg or .png`);
}

export async function drawPicture(
  platform: Platform,
  path: string,
  performance: Performance,
  options: PianoRollOptions,
): Promise<void> {
  await writePicture(platform, path, pianoRoll(performance, options));
}

/** Of a path that `checkPicture` has passed. */
export async function writePicture(platform: Platform, path: string, scene: Scene): Promise<void> {
  const encode = encoderOf(path);
  if (encode) await platform.store.write(path, await encode(scene));
}
