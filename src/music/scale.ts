/** @file Scales and modes by name: which of the twelve pitch classes are in, counted from a tonic. */
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { parsePitchClass, pitchClass, pitchClassNames } from "./pitch.ts";

export interface Scale {
  /** As one would say it: "D harmonic minor". */
  readonly name: string;
  /** Pitch class of the tonic: 0 for C to 11 for B. */
  readonly tonic: number;
  /** Pitch classes of the scale, rising from the tonic. */
  readonly pitchClasses: readonly number[];
}

/** Semitones above the tonic. Melodic minor is the rising form. */
const steps = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
  "melodic minor": [0, 2, 3, 5, 7, 9, 11],
  ionian: [0, 2, 4, 5, 7, 9, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  aeolian: [0, 2, 3, 5, 7, 8, 10],
  locrian: [0, 1, 3, 5, 6, 8, 10],
  pentatonic: [0, 2, 4, 7, 9],
  "major pentatonic": [0, 2, 4, 7, 9],
  "minor pentatonic": [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
  "whole tone": [0, 2, 4, 6, 8, 10],
  chromatic: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
} as const;

const byName: ReadonlyMap<string, readonly number[]> = new Map(Object.entries(steps));

/** What `parseScale` knows, without the tonic. */
export const scaleNames: readonly string[] = Object.freeze([...byName.keys()]);

/**
 * The scale that is meant: a tonic and a name, a name alone (from C on), or a tonic alone (major). Hyphens and capitals
 * do not matter, but in the letter b, which is a flat after a letter and a tonic before it.
 *
 * @example parseScale("D minor").pitchClasses → [2, 4, 5, 7, 9, 10, 0]; parseScale("pentatonic").tonic → 0
 * @throws UsageError for what is no scale
 */
export function parseScale(text: string): Scale {
  const words = text.trim().replaceAll(/[\s_-]+/g, " ");
  const [first, ...rest] = words.split(" ");
  const tonic = parsePitchClass(first);
  const wanted = (tonic === undefined ? words : rest.join(" ")).toLowerCase();
  const name = wanted === "" && tonic !== undefined ? "major" : wanted;
  const semitones = byName.get(name);
  if (semitones === undefined) {
    throw new UsageError(
      `found scale "${text}", expected a tonic from C to B and one of ${scaleNames.join(", ")}, as in "F# dorian"${suggestion(name, scaleNames)}`,
    );
  }
  const from = tonic ?? 0;
  return Object.freeze({
    name: `${tonic === undefined ? pitchClassNames[0] : capitalised(first)} ${name}`,
    tonic: from,
    pitchClasses: Object.freeze(semitones.map((above) => pitchClass(from + above))),
  });
}

/** Whether a pitch is in the scale. */
export function inScale(pitch: number, { pitchClasses }: Scale): boolean {
  return pitchClasses.includes(pitchClass(pitch));
}

/** The pitch of the scale that is nearest, within 0 to 127; of two as near, the lower. */
export function nearestInScale(pitch: number, scale: Scale): number {
  for (let distance = 0; distance < 12; distance++) {
    for (const candidate of [pitch - distance, pitch + distance]) {
      if (candidate >= 0 && candidate <= 127 && inScale(candidate, scale)) return candidate;
    }
  }
  return pitch;
}

function capitalised(tonic: string): string {
  return tonic.charAt(0).toUpperCase() + tonic.slice(1);
}
