/** @file Where pieces go: one file by its name, or a folder of them; pictures and sound beside them, or elsewhere. */
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { checkPicture } from "../inspect/picture.ts";
import type { GenerateOptions } from "./options.ts";

/** Of one piece. */
export interface Paths {
  readonly midi: string;
  readonly plot: string | null;
  readonly wav: string | null;
  readonly mp3: string | null;
}

const midiEnding = /\.midi?$/i;

/**
 * The files of each piece. Names are checked before anything is made.
 *
 * @throws UsageError for one name and several pieces, and for endings that do not fit
 */
export async function pathsOf(
  store: Store,
  model: string,
  seed: string,
  { output, samples, plot, wav, mp3 }: GenerateOptions,
): Promise<readonly Paths[]> {
  if (typeof plot === "string") checkPicture(plot);
  checkSound("--wav", wav, ".wav");
  checkSound("--mp3", mp3, ".mp3");
  const isFile = midiEnding.test(output) && (await store.stat(output))?.kind !== "folder";
  if (isFile && samples > 1) {
    throw new UsageError(
      `found --output ${output} for ${samples} pieces, expected a folder for them: leave out the ending`,
    );
  }
  const folder = output.replace(/[/\\]+$/, "") || "/";
  return Array.from({ length: samples }, (_, i) => {
    const midi = isFile ? output : `${folder}/${nameOf(model)}-${seed}-${i + 1}.mid`;
    const sound = (wanted: boolean | string, ending: string) =>
      wanted === true
        ? midi.replace(midiEnding, ending)
        : wanted === false
          ? null
          : numbered(wanted, i + 1, samples);
    return {
      midi,
      plot: typeof plot === "string" ? numbered(plot, i + 1, samples) : null,
      wav: sound(wav, ".wav"),
      mp3: sound(mp3, ".mp3"),
    };
  });
}

function checkSound(flag: string, path: boolean | string, ending: string): void {
  if (typeof path === "boolean" || path.toLowerCase().endsWith(ending)) return;
  throw new UsageError(`found ${flag} ${path}, expected a name that ends in ${ending}, or none`);
}

/** The last part of a path. */
function nameOf(model: string): string {
  return (
    model
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .at(-1) || "model"
  );
}

/** "roll.svg", or "roll-2.svg" of several. */
function numbered(path: string, number: number, count: number): string {
  return count === 1 ? path : path.replace(/(\.[^./\\]*)$/, `-${number}$1`);
}
