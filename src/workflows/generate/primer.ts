/** @file What to go on from, as it is typed: a file, a chord, notes or a melody. */
import type { Performance } from "../../music/index.ts";
import { parsePitch } from "../../music/pitch.ts";
import {
  melodyHold,
  performanceOfChord,
  performanceOfMelody,
  performanceOfPitches,
} from "../../music/primer.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import { readMusicFile } from "../files/index.ts";
import type { GenerateOptions } from "./options.ts";

/** @throws UsageError for more than one primer, for one that cannot be read, and for one without notes */
export async function readPrimer(
  { store }: Pick<Platform, "store">,
  { primer, primerPitches, seedNotes, primerMelody }: GenerateOptions,
  representation: Representation,
): Promise<Performance | undefined> {
  const given = Object.entries({ primer, primerPitches, seedNotes, primerMelody }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length > 1) {
    throw new UsageError(
      `found ${given.length} primers, expected one of --primer, --primer-pitches, --seed-notes and --primer-melody: leave out the others`,
    );
  }
  if (primerPitches !== undefined) return performanceOfChord(readPitches("--primer-pitches", primerPitches));
  if (seedNotes !== undefined) return performanceOfPitches(readPitches("--seed-notes", seedNotes));
  if (primerMelody !== undefined) return performanceOfMelody(readMelody(primerMelody));
  return primer === undefined ? undefined : readMusicOf({ store }, primer, representation);
}

/**
 * Music to go on from, or to be like.
 *
 * @throws UsageError for music without notes, and of instruments that a model does not play
 */
export async function readMusicOf(
  { store }: Pick<Platform, "store">,
  path: string,
  representation: Representation,
): Promise<Performance> {
  const { performance } = await readMusicFile(store, path);
  if (performance.notes.count === 0) {
    throw new UsageError(`found no notes in ${path}, expected music: give another file`);
  }
  checkPrograms(performance, path, representation);
  return performance;
}

/** Said here, and not by the representation, whose remedy is for a whole corpus. */
function checkPrograms(
  { notes, instruments }: Performance,
  path: string,
  { name, config, ensemble }: Representation,
): void {
  if (ensemble !== undefined) return;
  const isDrum = (note: number) => instruments[notes.instrument[note]].isDrum;
  if (Array.from({ length: notes.count }, (_, note) => note).every(isDrum)) {
    throw new UsageError(
      `found nothing but drums in ${path}, expected music for one instrument, for \`${name}\` knows no drums: give another file, or a model of \`multitrack\``,
    );
  }
  const { programs: policy } = config;
  if (policy !== "one") return;
  const used = new Set(
    Array.from({ length: notes.count }, (_, i) => instruments[notes.instrument[i]].program),
  );
  if (used.size <= 1) return;
  const programs = [...used].sort((a, b) => a - b).join(", ");
  throw new UsageError(
    `found ${used.size} programs (${programs}) in ${path}, expected one, for \`${name}\` holds one instrument: leave the others out of the file`,
  );
}

/** "60,64,67" or "C4 E4 G4", with brackets or without. */
function readPitches(flag: string, text: string): readonly number[] {
  const words = wordsOf(text);
  const pitches = words.map((word) => (/^\d+$/.test(word) ? Number(word) : parsePitch(word)));
  if (words.length > 0 && pitches.every((pitch) => pitch !== undefined && pitch <= 127)) {
    return pitches.flatMap((pitch) => pitch ?? []);
  }
  throw new UsageError(
    `found ${flag} ${JSON.stringify(text)}, expected pitches from 0 to 127 or names of them: "60,64,67" or "C4,E4,G4"`,
  );
}

function readMelody(text: string): readonly number[] {
  const items = wordsOf(text).map(Number);
  const fits = items.every((item) => Number.isInteger(item) && item >= melodyHold && item <= 127);
  if (fits && items.some((item) => item >= 0)) return items;
  throw new UsageError(
    `found --primer-melody ${JSON.stringify(text)}, expected pitches from 0 to 127, -2 to hold and -1 for silence, one note at least: "[60,-2,62,-1]"`,
  );
}

const wordsOf = (text: string): readonly string[] => text.split(/[[\],\s]+/).filter((word) => word !== "");
