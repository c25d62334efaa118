/**
 * @file Control drop-out: in some windows a control is not told, so that one model learns to do with it and without it
 * (Ho & Salimans 2022, "Classifier-free diffusion guidance").
 */
import type { Conditioning } from "../controls/index.ts";
import { type Random, shuffled } from "../util/random.ts";
import type { Batch } from "./batch.ts";

export interface ControlDropOut {
  readonly conditioning: Conditioning;
  /** Probability that something is not told in a window. */
  readonly rate: number;
}

/** Share of these windows that a control is left out of in part: up to a moment, or from one on. */
const partial = 0.25;

/**
 * Takes controls back in the batch itself. Where each has a flag of its own, any number of them is left out as often: music
 * is asked for by one of them as a rule, and by none of them. For in generation controls are switched on and off in the
 * middle of a piece, so they are in some windows.
 */
export function silenceControls(
  { controls, rows, steps }: Batch,
  { conditioning, rate }: ControlDropOut,
  random: Random,
): void {
  const { flags, size } = conditioning;
  const all = conditioning.controls.map((_, i) => i);
  for (let row = 0; row < rows; row++) {
    // What is drawn is always as much, whatever comes of it.
    const [isSilenced, count, order] = [
      random.next() < rate,
      1 + random.integer(Math.max(1, all.length)),
      shuffled(all, random),
    ];
    const [isWhole, at, isBefore] = [random.next() >= partial, random.integer(steps), random.next() < 0.5];
    if (!isSilenced) continue;
    const left = new Set(flags === "each" ? order.slice(0, count) : all);
    const [from, to] = isWhole ? [0, steps] : isBefore ? [0, at] : [at, steps];
    const span = controls.subarray((row * steps + from) * size, (row * steps + to) * size);
    conditioning.silence(
      span,
      all.map((i) => left.has(i)),
    );
  }
}
