/** @file What a file of music is. */
import { describePerformance, type Performance, type PerformanceDescription } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { timeSpanOf } from "../../plot/time.ts";
import { type FileFormat, readMusicFile } from "../files/index.ts";
import { type MidiFacts, midiFacts } from "./midi-facts.ts";
import type { InspectOptions } from "./options.ts";
import { checkPicture, drawPicture } from "./picture.ts";

export interface FileFacts {
  readonly path: string;
  readonly format: FileFormat["name"];
  readonly bytes: number;
  /** Empty where the file has none. */
  readonly title: string;
  readonly midi: MidiFacts | null;
  /** For files of tokens. */
  readonly representation: {
    readonly name: string;
    readonly config: Readonly<Record<string, unknown>>;
  } | null;
  readonly music: PerformanceDescription;
  readonly warnings: readonly string[];
  /** What was drawn, in seconds, and where to. */
  readonly shown: { readonly from: number; readonly to: number };
  readonly picture: string | null;
}

export interface FileInspection {
  readonly kind: "file";
  readonly facts: FileFacts;
  readonly performance: Performance;
}

export async function inspectFile(platform: Platform, options: InspectOptions): Promise<FileInspection> {
  const { path, plot } = options;
  if (plot !== undefined) checkPicture(plot);
  const file = await readMusicFile(platform.store, path);
  const { performance, title, midi, representation } = file;
  const span = {
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
  };
  const shown = timeSpanOf(performance, span);
  if (plot !== undefined) {
    await drawPicture(platform, plot, performance, { title: title || baseName(path), ...span });
  }
  const facts: FileFacts = {
    path,
    format: file.format.name,
    bytes: file.bytes,
    title,
    midi: midi ? midiFacts(midi) : null,
    representation: representation ? { name: representation.name, config: representation.config } : null,
    music: describePerformance(performance),
    warnings: file.warnings,
    shown: { from: shown.from, to: shown.to },
    picture: plot ?? null,
  };
  return { kind: "file", facts, performance };
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
