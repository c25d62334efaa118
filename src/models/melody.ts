/**
 * @file The model of one voice: LSTM over step, pitch and duration of each note, and three heads that foretell those of the
 * next. Its first form is Musical AI's (Bulatypov, after TensorFlow's tutorial "Generate music with an RNN"): numbers in,
 * numbers out. Its better one hears pitches as classes and times on soft bins, and draws times from mixtures.
 */
import { z } from "zod";
import { cast, concat, gather, mul } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { ConfigError } from "../util/errors.ts";
import { featureGain, lstmLayer } from "./lstm.ts";
import {
  type MelodyTimes,
  melodyOutcome,
  pitches,
  relativeColumns,
  secondsPerUnit,
} from "./melody-outcome.ts";
import { commonConfig, defineModel } from "./model.ts";
import { createRecurrent } from "./recurrent.ts";
import type { Reading } from "./token-features.ts";

export const melody = defineModel({
  name: "melody",
  summary: "one voice: LSTM over pitch, step and duration of notes, with a head for each",
  config: z.object({
    ...commonConfig,
    layers: z.int().min(1).default(1).describe("number of layers"),
    hiddenSize: z.int().min(1).default(128).describe("size of each layer's state"),
    input: z
      .enum(["classes", "numbers"])
      .default("classes")
      .describe(
        "pitches as classes and times on soft bins, or pitch / 128 and seconds, as Musical AI has it",
      ),
    time: z
      .enum(["mixture", "mse"])
      .default("mixture")
      .describe("times as distributions to draw from, or as single numbers by mean squared error"),
    components: z.int().min(1).max(64).default(8).describe("distributions in each mixture"),
    relative: z
      .int()
      .min(0)
      .max(64)
      .default(0)
      .describe("how many of them are counted from the length of the note before, as ratios to it"),
  }),
  create(config) {
    const { vocabularySize, input, time, components, relative } = config;
    const units = (vocabularySize - pitches) / 2;
    if (!(Number.isInteger(units) && units >= 2)) {
      throw new ConfigError(
        `found a vocabulary of ${vocabularySize} tokens, expected 128 pitches and as many steps as durations: train it on a corpus of the representation \`melody\``,
        ["vocabularySize"],
      );
    }
    if (relative > (time === "mixture" ? components : 0)) {
      throw new ConfigError(
        time === "mixture"
          ? `found ${relative} relative components of ${components}, expected no more than there are: give it more components`
          : `found ${relative} relative components where times are single numbers, expected them of mixtures: leave them out`,
        ["relative"],
      );
    }
    const times = { time, units, components, relative };
    return createRecurrent({ ...config, embedding: 0 }, ["hidden", "cell"], lstmLayer(1), {
      featureGain,
      reading: input === "numbers" ? numbers : binned(units),
      outcome: melodyOutcome(times),
      ...(relative > 0 && { heard: lengthHeard(times) }),
    });
  },
});

/** A field of tokens `[…, 3]`: `[…]` */
const fieldOf = (tokens: Tensor, field: number): Tensor =>
  gather(tokens, constant(field, { type: "int32" }), tokens.shape.length - 1);

/**
 * The length of the note that was heard, where a middle is counted from it. A voice goes on where its note ends, and the next one is
 * as long, or twice: so much need not be learnt, and at no tempo anew.
 */
function lengthHeard(times: MelodyTimes): (tokens: Tensor) => Tensor {
  const columns = constant(relativeColumns(times));
  const logarithms = constant(
    Array.from({ length: times.units }, (_, unit) => Math.log(Math.max(unit, 0.5))),
    { shape: [times.units, 1] },
  );
  return (tokens) => mul(gather(logarithms, fieldOf(tokens, 2)), columns);
}

/** What training hears of a note is what generation hears of one it drew: the token is made into numbers here, for both. */
const numbers: Reading = {
  classes: 0,
  features: 3,
  read: (tokens) => ({
    features: mul(cast(tokens, "float32"), constant([secondsPerUnit, 1 / pitches, secondsPerUnit])),
  }),
};

/** Places on the logarithm of time. Each time lies between two, and is shared out between them by its distance. */
const places = 24;

function binned(units: number): Reading {
  const table = constant(Float32Array.from(Array.from({ length: units }, shares).flat()), {
    shape: [units, places],
  });
  return {
    classes: pitches,
    features: 2 * places,
    read(tokens) {
      const axis = tokens.shape.length - 1;
      const features = [0, 2].map((field) => gather(table, fieldOf(tokens, field))); // [..., places]
      return { classes: fieldOf(tokens, 1), features: concat(features, axis) };
    },
  };

  function shares(_: unknown, unit: number): readonly number[] {
    const at = ((places - 1) * Math.log(unit + 1)) / Math.log(units);
    return Array.from({ length: places }, (_, place) => Math.max(0, 1 - Math.abs(at - place)));
  }
}
