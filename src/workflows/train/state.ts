/** @file Where a training stands, and the same as a checkpoint and back: whatever goes on from it goes on bit for bit. */
import { z } from "zod";
import {
  CheckpointError,
  type NamedConfiguration,
  type StoredCheckpoint,
  type TrainingState,
} from "../../checkpoint/index.ts";
import type { Schedule } from "../../optim/index.ts";
import type { Learner } from "../../training/index.ts";

const count = z.int().min(0);

const standingSchema = z.strictObject({
  step: count.describe("updates made"),
  tokens: count.describe("predictions learnt from"),
  position: z.strictObject({ epoch: count, batch: count }).describe("of the next batch"),
  seconds: z.number().min(0).describe("spent on training, interruptions left out"),
  pace: z
    .strictObject({ at: z.number().min(0), stride: z.number().positive() })
    .describe("place in the schedule, and how far an update moves it"),
  steps: count.describe("updates after which it is done, as far as known"),
  validations: count,
  best: z.number().nullable().describe("lowest validation loss"),
  waited: count.describe("validations since then"),
  ended: z.enum(["finished", "stopped early"]).nullable(),
});

/** Where a training stands. */
export type Standing = z.output<typeof standingSchema>;

export const beginning = (steps: number): Standing => ({
  step: 0,
  tokens: 0,
  position: { epoch: 0, batch: 0 },
  seconds: 0,
  pace: { at: 0, stride: 1 },
  steps,
  validations: 0,
  best: null,
  waited: 0,
  ended: null,
});

/** Arrays that are kept beside the optimiser's own, by names that no optimiser uses. */
const averageSlot = "average";
const carriedSlot = "carried";

export function trainingStateOf(
  optimiser: NamedConfiguration,
  { optimiser: { step, slots }, average, carried }: Learner,
  schedule: Schedule,
  standing: Standing,
): TrainingState {
  return {
    optimiser: {
      ...optimiser,
      step,
      slots: {
        ...slots,
        ...(average && { [averageSlot]: average.parameters }),
        ...(Object.keys(carried).length > 0 && { [carriedSlot]: carried }),
      },
    },
    // Everything random is drawn from the seed and the step: there is no generator to remember.
    random: {},
    schedule: schedule.state,
    position: { ...standing, averageUpdates: average?.updates ?? 0 },
  };
}

/** @throws CheckpointError for a checkpoint without a state of training, or one of another kind */
export function learnerOf(
  { parameters, training }: StoredCheckpoint,
  folder: string,
): { readonly learner: Learner; readonly standing: Standing; readonly schedule: unknown } {
  const parsed = training && standingSchema.extend({ averageUpdates: count }).safeParse(training.position);
  if (!training || !parsed?.success) {
    throw new CheckpointError(
      `found no state of training in ${folder}, expected the last checkpoint of a run: begin from these weights with --from instead`,
      folder,
    );
  }
  const { averageUpdates, ...standing } = parsed.data;
  const { [averageSlot]: average, [carriedSlot]: carried = {}, ...slots } = training.optimiser.slots;
  return {
    learner: {
      parameters,
      optimiser: { step: training.optimiser.step, slots },
      average: average && { updates: averageUpdates, parameters: average },
      carried,
    },
    standing,
    schedule: training.schedule,
  };
}
