/** @file The key of a performance, by correlation with the profiles of Krumhansl and Kessler. */

import { correlationOf } from "../util/statistics.ts";
import type { Performance } from "./performance.ts";
import { pitchClass } from "./pitch.ts";

export interface KeyCandidate {
  /** Pitch class of the tonic: 0 for C to 11 for B. */
  readonly tonic: number;
  readonly mode: "major" | "minor";
  /** As on a title page: "D minor", "Bb major". */
  readonly name: string;
  /** Pearson's correlation of the histogram with the key's profile, -1 to 1. */
  readonly correlation: number;
}

export interface Key extends KeyCandidate {
  /** The second best key: a correlation close to the best says that the estimate is unsure. */
  readonly runnerUp: KeyCandidate;
}

/**
 * How well each of the twelve notes above the tonic fits a key, as rated by listeners: Krumhansl & Kessler 1982,
 * "Tracing the dynamic changes in perceived tonal organization in a spatial representation of musical keys",
 * Psychological Review 89(4), 334-368; also in Krumhansl 1990, "Cognitive Foundations of Musical Pitch".
 */
const profiles = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** The usual spelling of each key: the one with fewer accidentals. */
const tonics = {
  major: ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
  minor: ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"],
} as const;

const modes = ["major", "minor"] as const;

/** Pitch classes above the tonic that belong to a key; of minor the raised seventh, too, which leads home. */
const members = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10, 11] } as const;

/**
 * How much of each pitch class, from C on, music in a key is made of, roughly: the ratings of the notes that belong to it,
 * and nothing of the others. As shares.
 */
export function keyShares(tonic: number, mode: "major" | "minor"): readonly number[] {
  const shares = new Array<number>(12).fill(0);
  for (const above of members[mode]) shares[pitchClass(tonic + above)] = profiles[mode][above];
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/**
 * The key whose profile correlates best with the seconds for which each pitch class is held, over the whole
 * performance (Krumhansl 1990, chapter 4). Undefined where there is nothing to tell by: no notes but drums, or all
 * twelve pitch classes alike.
 */
export function estimateKey(performance: Performance): Key | undefined {
  const histogram = pitchClassWeights(performance);
  if (isFlat(histogram)) return undefined;
  const [best, runnerUp] = modes
    .flatMap((mode) => profiles[mode].map((_, tonic) => candidate(histogram, tonic, mode)))
    .sort((a, b) => b.correlation - a.correlation);
  return { ...best, runnerUp };
}

/** Seconds held per pitch class, drums left out; the number of notes if none of them has any length. */
function pitchClassWeights({ notes, instruments }: Performance): readonly number[] {
  const seconds = new Array<number>(12).fill(0);
  const counts = new Array<number>(12).fill(0);
  for (let i = 0; i < notes.count; i++) {
    if (instruments[notes.instrument[i]].isDrum) continue;
    seconds[pitchClass(notes.pitch[i])] += notes.end[i] - notes.start[i];
    counts[pitchClass(notes.pitch[i])]++;
  }
  return seconds.some((weight) => weight > 0) ? seconds : counts;
}

/** Sums of seconds that should be equal differ in their last digits. */
function isFlat(histogram: readonly number[]): boolean {
  const most = Math.max(...histogram);
  return most - Math.min(...histogram) <= most * 1e-9;
}

function candidate(histogram: readonly number[], tonic: number, mode: "major" | "minor"): KeyCandidate {
  const profile = histogram.map((_, pitch) => profiles[mode][pitchClass(pitch - tonic)]);
  return {
    tonic,
    mode,
    name: `${tonics[mode][tonic]} ${mode}`,
    correlation: correlationOf(histogram, profile),
  };
}
