/** @file `prepare --list`: composers, or folders, with their pieces and hours. */
import { readPerformance } from "../../midi/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { readConfiguration } from "../../util/configuration.ts";
import { UserError } from "../../util/errors.ts";
import { gatherSources, locateOrigins } from "./gather.ts";
import { type PrepareInput, prepareSchema } from "./options.ts";

export interface ComposerRow {
  readonly composer: string;
  readonly pieces: number;
  readonly hours: number;
}

/** Hours are those of the data set's table where it has them, else those of the MIDI files. */
export async function listComposers(
  platform: Platform,
  input: PrepareInput,
): Promise<readonly ComposerRow[]> {
  const options = readConfiguration(prepareSchema, input, "prepare");
  const located = await locateOrigins(platform, options);
  const { files, source } = await gatherSources(platform, located, options);
  try {
    const rows = new Map<string, { pieces: number; seconds: number }>();
    for (const [done, file] of files.entries()) {
      const row = rows.get(file.composer) ?? { pieces: 0, seconds: 0 };
      row.pieces++;
      row.seconds += file.seconds ?? (await secondsOf(() => source.read(file.file)));
      rows.set(file.composer, row);
      if (file.seconds === undefined) {
        platform.report({ stage: "reading", done: done + 1, total: files.length, unit: "files" });
      }
    }
    return [...rows]
      .map(([composer, { pieces, seconds }]) => ({ composer, pieces, hours: seconds / 3600 }))
      .sort((a, b) => (a.composer < b.composer ? -1 : 1));
  } finally {
    await source.close();
  }
}

/** What cannot be read lasts no time; `prepare` itself says why. */
async function secondsOf(read: () => Promise<Uint8Array>): Promise<number> {
  try {
    return readPerformance(await read()).performance.duration;
  } catch (error) {
    if (error instanceof UserError) return 0;
    throw error;
  }
}
