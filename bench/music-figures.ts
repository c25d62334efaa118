/** @file Music in a few figures, the same for what a model made and for what people played; and what many of them add up to. */
import { type Corpus, openCorpus } from "../src/corpus/index.ts";
import { createPerformance, describePerformance, notesOf, type Performance } from "../src/music/index.ts";
import { longestRun, mostTurns, repeatedShare } from "../src/music/repetition.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { entropyOf, meanOf, quantileOf } from "../src/util/statistics.ts";

export interface MusicFigures {
  readonly notesPerSecond: number;
  /** Seconds that a note sounds in the mean, sustain folded in, 5 at most. */
  readonly noteSeconds: number;
  /** Bits, of twelve classes. */
  readonly pitchClassEntropy: number;
  /** Standard deviation. */
  readonly velocitySpread: number;
  /** Share of the runs of eight pitches, in the order of onsets, that came before in the same piece. */
  readonly repeated: number;
  /** Notes of one pitch that follow on one another. */
  readonly longestRun: number;
  /** How often eight pitches come one time right after the other. */
  readonly turns: number;
  /** Share of the time in which nothing sounds. */
  readonly silence: number;
  /** Seconds from one onset to the next at most, beginning and end of the music counted as onsets. */
  readonly longestGap: number;
}

/** As generation cuts notes. */
export const maximumNoteSeconds = 5;

export function figuresOfMusic(performance: Performance): MusicFigures {
  const { notes, duration } = performance;
  const described = describePerformance(performance);
  return {
    notesPerSecond: notes.count / duration,
    noteSeconds: described.noteDuration.mean,
    pitchClassEntropy: entropyOf(described.pitchClasses.map((each) => each.notes)),
    velocitySpread: described.velocity.standardDeviation,
    repeated: repeatedShare(notes.pitch, 8),
    longestRun: longestRun(notes.pitch),
    turns: mostTurns(notes.pitch, 8),
    silence: described.polyphony.timeShares[0],
    longestGap: [...Array.from(notes.start), duration].reduce(
      ({ longest, before }, time) => ({ longest: Math.max(longest, time - before), before: time }),
      { longest: 0, before: 0 },
    ).longest,
  };
}

/** The music of some seconds: what begins in them, until their end. Its duration is `to` − `from`, however it ends. */
export function between(performance: Performance, from: number, to: number): Performance {
  const notes = [...notesOf(performance)].flatMap(({ start, end, ...note }) =>
    start >= from && start < to ? [{ ...note, start: start - from, end: Math.min(end, to) - from }] : [],
  );
  return createPerformance({ notes, duration: to - from });
}

/** A stretch of a piece as models hear it, and its events. */
export interface Excerpt {
  readonly performance: Performance;
  readonly tokens: Int32Array;
}

export function openCorpusAt(path: string): Promise<Corpus> {
  return openCorpus(nodePlatform().store, path);
}

/**
 * Each piece, cut every so many seconds; what is left over at its end is left out.
 *
 * @param split of all splits unless given
 */
export async function* excerptsOf(
  corpus: Corpus,
  seconds: number,
  split?: "validation",
): AsyncGenerator<Excerpt> {
  const { representation, index } = corpus;
  for (const piece of index.pieces.filter((each) => split === undefined || each.split === split)) {
    for (const tokens of await corpus.tokens(piece)) {
      const whole = representation.decode(tokens, { maximumNoteSeconds });
      for (let from = 0; from + seconds <= whole.duration; from += seconds) {
        const performance = between(whole, from, from + seconds);
        if (performance.notes.count > 0) {
          yield { performance, tokens: representation.encode(performance) };
        }
      }
    }
  }
}

/** Mean and standard deviation, the latter of the sample. */
export function summaryOf(values: readonly number[]): { readonly mean: number; readonly spread: number } {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** As `quantileOf`, of numbers in any order. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOf(
    [...values].sort((a, b) => a - b),
    share,
  );
}
