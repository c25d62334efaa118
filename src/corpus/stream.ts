/** @file What windows are cut from: the tokens of a piece or segment, varied or as they are, and its controls. */
import type { About } from "../controls/index.ts";
import type { Timeline } from "../representations/index.ts";
import type { Random } from "../util/random.ts";
import { type Augmentation, drawVariation } from "./augment.ts";
import type { Corpus } from "./corpus.ts";
import { encodePiece } from "./encode.ts";
import type { CorpusPiece } from "./format.ts";

/** A curve beside the tokens, `size` numbers a step, computed from the tokens themselves: it follows augmentation. */
export interface ControlCurve {
  readonly size: number;
  compute(timeline: Timeline, about?: About): Float32Array;
}

/** What a control says of each step. [steps, size] */
export interface Curve {
  readonly size: number;
  readonly values: Float32Array;
}

export interface Stream {
  readonly steps: number;
  /** [steps, fields] */
  readonly tokens: Int32Array;
  /** Side by side only in batches: joined for whole pieces they would take twice the memory. */
  readonly controls: readonly Curve[];
}

/** The streams of a piece, one per segment; with augmentation they are made anew from its notes. */
export async function loadStreams(
  corpus: Corpus,
  piece: CorpusPiece,
  controls: readonly ControlCurve[],
  augmentation: Augmentation | undefined,
  random: Random,
): Promise<readonly Stream[]> {
  const { representation, index } = corpus;
  const segments = augmentation
    ? await varied(corpus, piece, augmentation, random)
    : await corpus.tokens(piece);
  return segments.map((tokens) => {
    const timeline = controls.length === 0 ? undefined : representation.timeline?.(tokens);
    return {
      steps: tokens.length / index.fields.length,
      tokens,
      controls: timeline
        ? controls.map((control) => curveOf(control, timeline, { composer: piece.composer }))
        : [],
    };
  });
}

const curveOf = (control: ControlCurve, timeline: Timeline, about: About): Curve => ({
  size: control.size,
  values: control.compute(timeline, about),
});

async function varied(corpus: Corpus, piece: CorpusPiece, augmentation: Augmentation, random: Random) {
  const performance = await corpus.performance(piece);
  const variation = drawVariation(performance, augmentation, random);
  return encodePiece(performance, corpus.representation, corpus.index.segmentSeconds ?? undefined, variation);
}
