/**
 * @file What is foretold of the next note of a melody: its pitch by one softmax, and its step and duration either as numbers,
 * by the mean squared error of the published system, or as mixtures, from which times are drawn.
 */
import {
  abs,
  add,
  argMax,
  cast,
  concat,
  equal,
  mul,
  neg,
  relu,
  reshape,
  split,
  sub,
} from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { LogisticMixture } from "../nn/logistic-mixture.ts";
import { crossEntropy } from "../nn/loss.ts";
import type { Outcome } from "./outcome.ts";

export const pitches = 128;
/** Times are tokens: so many hundredths of a second. */
export const secondsPerUnit = 0.01;

/** Where times are numbers, as published: what pitch counts beside either time, and what a time costs by the second below 0. */
const published = { pitch: 0.05, positivePressure: 10 };

/** Step, pitch and duration out of int32 `[N, 3]`, each `[N]`. */
function fieldsOf(targets: Tensor): readonly Tensor[] {
  return split(targets, [1, 1, 1], 1).map((field) => reshape(field, [targets.shape[0]]));
}

/** One way to foretell times. */
interface TimeHead {
  readonly size: number;
  readonly unit: Outcome["unit"];
  /** How much the head of pitches counts beside it. */
  readonly pitchWeight: number;
  /** Of `[N, size]` and units int32 `[N]`: `[N]` */
  losses(predictions: Tensor, targets: Tensor): Tensor;
  /** `[N, size]` → `[N, units]` */
  logits(predictions: Tensor): Tensor;
}

export interface MelodyTimes {
  readonly time: "mixture" | "mse";
  /** Tokens of a time: 0 to units - 1. */
  readonly units: number;
  readonly components: number;
  /** How many of the components are counted from the length of the note before. */
  readonly relative: number;
}

/** 1 where a prediction is a middle that is counted from the length of the note before, 0 elsewhere: `[size]` */
export function relativeColumns({ units, components, relative }: MelodyTimes): Float32Array {
  const { size, middles } = new LogisticMixture(components, units, relative);
  const columns = new Float32Array(pitches + 2 * size);
  for (const head of [pitches, pitches + size]) columns.fill(1, head + middles, head + middles + relative);
  return columns;
}

export function melodyOutcome({ time, units, components, relative }: MelodyTimes): Outcome {
  const head =
    time === "mse" ? pointHead(units) : mixtureHead(new LogisticMixture(components, units, relative));
  const parts = (predictions: Tensor) => split(predictions, [pitches, head.size, head.size], 1);
  return {
    fields: 3,
    fieldSizes: [units, pitches, units],
    size: pitches + 2 * head.size,
    hasNumbers: true,
    unit: head.unit,
    losses(predictions, targets) {
      const [pitch, step, duration] = parts(predictions);
      const [toStep, toPitch, toDuration] = fieldsOf(targets);
      const ofPitch = crossEntropy(pitch, toPitch);
      const ofTimes = add(head.losses(step, toStep), head.losses(duration, toDuration));
      return add(head.pitchWeight === 1 ? ofPitch : mul(ofPitch, head.pitchWeight), ofTimes);
    },
    foretold(predictions, targets) {
      return equal(cast(argMax(parts(predictions)[0], 1), "int32"), fieldsOf(targets)[1]);
    },
    logits(predictions) {
      const [pitch, step, duration] = parts(predictions);
      return concat([head.logits(step), pitch, head.logits(duration)], 1);
    },
  };
}

function mixtureHead(mixture: LogisticMixture): TimeHead {
  return {
    size: mixture.size,
    unit: "nats",
    pitchWeight: 1,
    losses: (predictions, targets) => mixture.losses(predictions, targets),
    logits: (predictions) => mixture.logProbabilities(predictions),
  };
}

/** A number of seconds; the nearest unit that may come is as good as certain. */
function pointHead(units: number): TimeHead {
  const sharpness = 100;
  return {
    size: 1,
    unit: "loss",
    pitchWeight: published.pitch,
    losses(predictions, targets) {
      const seconds = reshape(predictions, [predictions.shape[0]]);
      const error = sub(seconds, mul(cast(targets, "float32"), secondsPerUnit));
      return add(mul(error, error), mul(relu(neg(seconds)), published.positivePressure));
    },
    logits(predictions) {
      const all = constant(
        Array.from({ length: units }, (_, unit) => unit),
        { shape: [1, units] },
      );
      return mul(abs(sub(all, mul(predictions, 1 / secondsPerUnit))), -sharpness);
    },
  };
}
