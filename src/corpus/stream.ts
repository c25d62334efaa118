/** @file What windows are cut from: the tokens of a piece or segment, varied or as they are, and its controls. */
import type { Timeline } from "../representations/index.ts";
import type { Random } from "../util/random.ts";
import { type Augmentation, drawVariation } from "./augment.ts";
import type { Corpus } from "./corpus.ts";
import { encodePiece } from "./encode.ts";
import type { CorpusPiece } from "./format.ts";

/** A curve beside the tokens, `size` numbers a step, computed from the tokens themselves: it follows augmentation. */
export interface ControlCurve {
  readonly size: number;
  compute(timeline: Timeline): Float32Array;
}

export interface Stream {
  readonly steps: number;
  /** [steps, fields] */
  readonly tokens: Int32Array;
  /** [steps, control size] */
  readonly controls: Float32Array;
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
  const fields = index.fields.length;
  return segments.map((tokens) => {
    const steps = tokens.length / fields;
    const timeline = controls.length === 0 ? undefined : representation.timeline?.(tokens);
    return {
      steps,
      tokens,
      controls: timeline ? joinCurves(timeline, controls, steps) : new Float32Array(0),
    };
  });
}

async function varied(corpus: Corpus, piece: CorpusPiece, augmentation: Augmentation, random: Random) {
  const performance = await corpus.performance(piece);
  const variation = drawVariation(performance, augmentation, random);
  return encodePiece(performance, corpus.representation, corpus.index.segmentSeconds ?? undefined, variation);
}

/** Curves side by side: [steps, sum of sizes]. */
function joinCurves(timeline: Timeline, controls: readonly ControlCurve[], steps: number): Float32Array {
  const width = controls.reduce((sum, control) => sum + control.size, 0);
  const joined = new Float32Array(steps * width);
  let column = 0;
  for (const control of controls) {
    const curve = control.compute(timeline);
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < control.size; i++)
        joined[step * width + column + i] = curve[step * control.size + i];
    }
    column += control.size;
  }
  return joined;
}
