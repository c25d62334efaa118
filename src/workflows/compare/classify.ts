/** @file What the two-sample classifier says of systems: each against real excerpts of the validation split, in groups by piece. */
import type { Corpus } from "../../corpus/index.ts";
import {
  drawExcerpts,
  type Estimate,
  type Example,
  estimateOf,
  type Telling,
  tellApart,
} from "../../evaluation/index.ts";
import type { Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { createRandom, type Random } from "../../util/random.ts";
import { piecesOfSplit } from "./music.ts";
import type { CompareOptions } from "./options.ts";

/** Notes that the classifier reads at a time, where excerpts have as many. */
const longestWindow = 128;

/** Half of them are learnt from: of fewer, it would learn what these few pieces are like. */
const leastPieces = 8;

/** As many excerpts as a system has, at random from all of the validation split. */
export async function drawReal(
  platform: Platform,
  corpus: Corpus,
  size: { readonly excerpts: number; readonly notes: number },
  random: Random,
): Promise<readonly Example[]> {
  const pieces: Performance[] = [];
  for await (const piece of piecesOfSplit(platform, corpus, "validation")) pieces.push(piece);
  return drawExcerpts(pieces, size, random);
}

/**
 * How often the classifier is right, with an interval from drawing pieces again.
 *
 * @returns a sentence that says why not, where there are so few pieces that it would learn pieces
 */
export async function classify(
  platform: Platform,
  real: readonly Example[],
  made: { readonly name: string; readonly examples: readonly Example[] },
  { seed, notes, confidence, resamples }: Pick<CompareOptions, "seed" | "notes" | "confidence" | "resamples">,
): Promise<Estimate | string> {
  for (const [what, examples] of [
    ["the validation split", real],
    [made.name, made.examples],
  ] as const) {
    const found = new Set(examples.map(({ piece }) => piece)).size;
    if (found >= leastPieces) continue;
    return `no classifier was trained on ${made.name}: found excerpts of ${found === 1 ? "1 piece" : `${found} pieces`} in ${what}, expected ${leastPieces} at least`;
  }
  const { accuracy, windows } = await tellApart(platform.runtime, real, made.examples, {
    seed,
    // The first note of an excerpt has none before it.
    windowNotes: Math.min(longestWindow, notes - 1),
    report: (done, total) =>
      platform.report({ stage: `telling ${made.name} from real music`, done, total, unit: "steps" }),
  });
  return estimateOf(
    accuracy,
    drawAgain(windows, resamples, createRandom(seed).fork("classifier")),
    confidence,
  );
}

/** Windows of a piece are right or wrong together: whole pieces are drawn again, on either side. */
function drawAgain(windows: Telling["windows"], resamples: number, random: Random): Float64Array {
  const sides = [true, false].map((isReal) => {
    const pieces = new Map<number, { right: number; all: number }>();
    for (const each of windows) {
      if (each.isReal !== isReal) continue;
      const piece = pieces.get(each.piece) ?? { right: 0, all: 0 };
      pieces.set(each.piece, { right: piece.right + Number(each.isRight), all: piece.all + 1 });
    }
    return [...pieces.values()];
  });
  return Float64Array.from({ length: resamples }, (_, i) => {
    const own = random.fork(`resample ${i}`);
    const shares = sides.map((pieces) => {
      let right = 0;
      let all = 0;
      for (let k = 0; k < pieces.length; k++) {
        const piece = pieces[own.integer(pieces.length)];
        right += piece.right;
        all += piece.all;
      }
      return right / all;
    });
    return (shares[0] + shares[1]) / 2;
  });
}
