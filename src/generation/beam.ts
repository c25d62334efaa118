/**
 * @file Beam search by sampling, as Magenta's generators do it (REPRESENTATIONS 1.8): every beam becomes several, each goes on
 * by drawing, and those with the highest log-likelihood are kept. One beam of one branch is plain sampling.
 */
import { invariant } from "../util/errors.ts";
import type { Meter } from "./meter.ts";
import type { Sequence } from "./sequence.ts";

export interface BeamOptions {
  /** How many are kept after each round. */
  readonly beamSize: number;
  /** How many each of them becomes in a round. */
  readonly branchFactor: number;
  /** Events of a round. */
  readonly stepsPerIteration: number;
}

interface Start {
  readonly sequence: Sequence;
  readonly meter: Meter;
}

interface Beam extends Start {
  readonly tokens: readonly number[];
}

export interface BeamTask {
  extend(sequence: Sequence, meter: Meter): Promise<number>;
  isDone(meter: Meter): boolean;
  /** How many events there will be, where that is known: the first round is shorter, so that the others are whole. */
  readonly events: number | undefined;
}

/** Draws in a fixed order, beam after beam and branch after branch, so that the same numbers give the same music. */
export async function searchBeams(
  start: Start,
  { beamSize, branchFactor, stepsPerIteration }: BeamOptions,
  { extend, isDone, events }: BeamTask,
): Promise<Beam> {
  let beams: readonly Beam[] = copies({ ...start, tokens: [] }, beamSize);
  let steps = events === undefined ? stepsPerIteration : ((events - 1) % stepsPerIteration) + 1;
  while (beams.some(({ meter }) => !isDone(meter))) {
    const branches: Beam[] = [];
    for (const beam of beams) {
      // One that has ended is itself, and not several.
      for (const branch of isDone(beam.meter) ? [beam] : copies(beam, branchFactor)) {
        branches.push(await extended(branch, steps));
      }
    }
    // Of equal ones the earlier stays: the sort is stable.
    beams = branches.sort((a, b) => b.sequence.logLikelihood - a.sequence.logLikelihood).slice(0, beamSize);
    steps = stepsPerIteration;
  }
  const [best] = beams;
  invariant(best, "there is a beam");
  return best;

  async function extended({ sequence, meter, tokens }: Beam, by: number): Promise<Beam> {
    const drawn: number[] = [];
    while (drawn.length < by && !isDone(meter)) drawn.push(await extend(sequence, meter));
    return { sequence, meter, tokens: [...tokens, ...drawn] };
  }
}

/** The beam itself, and copies of it. */
function copies(beam: Beam, count: number): readonly Beam[] {
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? beam : { ...beam, sequence: beam.sequence.copy(), meter: beam.meter.copy() },
  );
}
