/**
 * @file `reduce-on-plateau`: the learning rate falls by a factor when validation has not become better for a while.
 *
 * Source: PyTorch's `ReduceLROnPlateau`, mode "min", without its `eps` below which a fall is left out.
 */
import { z } from "zod";
import { defineObservingSchedule, positiveRate } from "./schedule.ts";

const configuration = z.object({
  learningRate: positiveRate.describe("learning rate at first"),
  factor: z.number().positive().lt(1).default(0.1).describe("share of the rate that is left after a fall"),
  patience: z.int().min(0).default(10).describe("validations without progress that are borne"),
  threshold: z.number().min(0).default(1e-4).describe("how much better than the best counts as progress"),
  thresholdMode: z
    .enum(["relative", "absolute"])
    .default("relative")
    .describe("threshold as a share of the best loss, or in its units"),
  cooldown: z.int().min(0).default(0).describe("validations after a fall during which none is counted"),
  minimumRate: z.number().min(0).default(0).describe("the rate falls no further"),
});

type Configuration = z.output<typeof configuration>;

const standing = z.object({
  /** How often the rate has fallen. */
  falls: z.int().min(0),
  /** Lowest loss so far; null before the first. */
  best: z.number().nullable(),
  /** Validations without progress, in a row. */
  waited: z.int().min(0),
  /** Validations that are still not counted. */
  resting: z.int().min(0),
});

type Standing = z.output<typeof standing>;

export const reduceOnPlateau = defineObservingSchedule({
  name: "reduce-on-plateau",
  summary: "A fall by a factor when the validation loss no longer does",
  config: configuration,
  state: standing,
  start: { falls: 0, best: null, waited: 0, resting: 0 },
  create: (config) => ({
    rate: ({ falls }) =>
      Math.max(
        config.learningRate * config.factor ** falls,
        Math.min(config.learningRate, config.minimumRate),
      ),
    observe: (before, loss) => afterLoss(config, before, loss),
  }),
});

function afterLoss(
  { patience, cooldown, ...config }: Configuration,
  before: Standing,
  loss: number,
): Standing {
  const isProgress = Number.isFinite(loss) && (before.best === null || loss < goal(config, before.best));
  const best = isProgress ? loss : before.best;
  const isResting = before.resting > 0;
  const waited = isProgress || isResting ? 0 : before.waited + 1;
  if (waited > patience) return { falls: before.falls + 1, best, waited: 0, resting: cooldown };
  return { falls: before.falls, best, waited, resting: isResting ? before.resting - 1 : 0 };
}

/** What a loss has to be below. */
function goal(
  { threshold, thresholdMode }: Pick<Configuration, "threshold" | "thresholdMode">,
  best: number,
) {
  return thresholdMode === "relative" ? best * (1 - threshold) : best - threshold;
}
