/**
 * @file Control drop-out: in some windows a control is not told, so that one model learns to do with it and without it
 * (Ho & Salimans 2022, "Classifier-free diffusion guidance").
 */
import type { Conditioning } from "../controls/index.ts";
import type { Random } from "../util/random.ts";
import type { Batch } from "./batch.ts";

export interface ControlDropOut {
  readonly conditioning: Conditioning;
  /** Probability for a window, of each control or, where they share a flag, of all. */
  readonly rate: number;
}

/**
 * Takes controls back in the batch itself. Half of the times in all of a window; otherwise before or after a moment in it,
 * for in generation controls are switched on and off in the middle of a piece.
 */
export function silenceControls(
  { controls, rows, steps }: Batch,
  { conditioning, rate }: ControlDropOut,
  random: Random,
): void {
  const { flags, size } = conditioning;
  for (let row = 0; row < rows; row++) {
    const together = random.next() < rate;
    const which = conditioning.controls.map(() => (flags === "each" ? random.next() < rate : together));
    // What is drawn is always as much, whatever comes of it.
    const [isWhole, at, isBefore] = [random.next() < 0.5, random.integer(steps), random.next() < 0.5];
    const [from, to] = isWhole ? [0, steps] : isBefore ? [0, at] : [at, steps];
    conditioning.silence(controls.subarray((row * steps + from) * size, (row * steps + to) * size), which);
  }
}
