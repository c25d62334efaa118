/**
 * @file What the first layer of a recurrent model reads of its tokens: a row of weights each, as if they were one-hot; a
 * vector that is learnt; or places on circles that never change. Where a step has several fields, the sum of theirs.
 */
import { z } from "zod";
import { add, cast, equal, gather, reduceSum, reshape } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { Embedding } from "../nn/embedding.ts";
import { normal } from "../nn/initialiser.ts";
import type { ParameterScope } from "../nn/parameter.ts";
import type { RecurrentInput } from "../nn/recurrent-input.ts";
import { ConfigError } from "../util/errors.ts";

/** How tokens are read, as part of a model's configuration. */
export const tokenConfig = {
  embedding: z
    .int()
    .min(0)
    .default(0)
    .describe("size of the vector that each token becomes before the first layer; 0 for one-hot tokens"),
  fields: z
    .array(z.int().min(1))
    .min(2)
    .optional()
    .describe("sizes of the fields of a step, where it has several; together they are the vocabulary"),
  circles: z
    .array(
      z.strictObject({
        tokens: z.int().min(1).describe("number of tokens in a row"),
        periods: z.array(z.int().min(2)).describe("tokens that go once round each of their circles"),
      }),
    )
    .min(1)
    .optional()
    .describe("kinds of tokens, in order, that are read as places on circles rather than one-hot"),
};

export interface TokenConfig {
  readonly vocabularySize: number;
  readonly controls: number;
  readonly embedding: number;
  readonly fields?: readonly number[] | undefined;
  readonly circles?: readonly Circles[] | undefined;
}

/** Tokens of one kind, by their order, and after how many of them each of their circles is closed. */
export interface Circles {
  readonly tokens: number;
  readonly periods: readonly number[];
}

/** @throws ConfigError for sizes that do not add up to the vocabulary, and for tokens that would be read in two ways */
function check({ vocabularySize, embedding, fields, circles }: TokenConfig): void {
  if (embedding > 0 && circles) {
    throw new ConfigError(
      `model, \`circles\`: found them beside an embedding of ${embedding}, expected one of them: leave out the other`,
      ["circles"],
    );
  }
  const lists = { fields, circles: circles?.map(({ tokens }) => tokens) };
  for (const [name, sizes = [vocabularySize]] of Object.entries(lists)) {
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum === vocabularySize) continue;
    throw new ConfigError(
      `model, \`${name}\`: found ${sum} tokens together, expected the ${vocabularySize} of the whole vocabulary: give each kind its size`,
      [name],
    );
  }
}

/** What the first layer reads of tokens, beside controls. */
export interface Reading {
  readonly classes: number;
  readonly features: number;
  /** The mean of the squares of a step's features, summed, where their weights are to begin by it. */
  readonly squares?: number;
  /** int32 `[…]`, or `[…, fields]`, each counted from 0 → classes int32 `[…]`, features `[…, features]` */
  read(tokens: Tensor): RecurrentInput;
}

/** Numbers of a token. */
interface Features {
  readonly width: number;
  /** The mean of their squares, summed. */
  readonly squares: number;
  /** int32 `[…]` → float32 `[…, width]` */
  of(ids: Tensor): Tensor;
}

/** @throws ConfigError for sizes that do not add up to the vocabulary, and for tokens that would be read in two ways */
export function tokenReading(scope: ParameterScope, config: TokenConfig): Reading {
  check(config);
  const { vocabularySize, fields } = config;
  const features = featuresFor(scope, config);
  if (features === undefined) {
    return { classes: vocabularySize, features: 0, read: (classes) => ({ classes }) };
  }
  const starts = fields && constant(startsOf(fields), { type: "int32", shape: [fields.length] });
  return {
    classes: 0,
    features: features.width,
    // What a step's tokens bring to the gates begins with unit variance, as it does where they are one-hot.
    squares: (fields?.length ?? 1) * features.squares,
    read: (tokens) => ({
      features: starts ? reduceSum(features.of(add(tokens, starts)), -2) : features.of(tokens),
    }),
  };
}

/** undefined where tokens choose a row of weights each. */
function featuresFor(
  scope: ParameterScope,
  { vocabularySize, embedding: size, fields, circles }: TokenConfig,
): Features | undefined {
  if (circles) return circleTable(circles);
  if (size > 0) {
    // As large as one-hot tokens arrive in the first layer.
    const options = { classes: vocabularySize, features: size, initialise: normal(1) };
    const embedding = new Embedding(scope.child("embedding"), options);
    return { width: size, squares: size, of: (ids) => embedding.forward(ids) };
  }
  if (fields) return { width: vocabularySize, squares: 1, of: (ids) => oneHot(ids, vocabularySize) };
  return undefined;
}

function startsOf(sizes: readonly number[]): readonly number[] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return start - size;
  });
}

/** Ids `[…]` → float32 `[…, size]` */
function oneHot(ids: Tensor, size: number): Tensor {
  const all = constant(
    Array.from({ length: size }, (_, id) => id),
    { type: "int32", shape: [size] },
  );
  return cast(equal(reshape(ids, [...ids.shape, 1]), all), "float32");
}

/**
 * The features of every token: a block for each kind of tokens, which is zero for all others. In it stand a 1 and, for each
 * circle, cosine and sine of the token's place on it. So octaves, or bars, are near one another before anything is learnt.
 *
 * Source: Magenta's `ModuloPerformanceEventSequenceEncoderDecoder`; REPRESENTATIONS 1.6.
 */
export function circleFeatures(circles: readonly Circles[]): {
  /** `[tokens, width]`, row after row */
  readonly values: Float32Array;
  readonly width: number;
} {
  const widths = circles.map(({ periods }) => 1 + 2 * periods.length);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const columns = startsOf(widths);
  const rows = circles.flatMap(({ tokens, periods }, kind) =>
    Array.from({ length: tokens }, (_, i) => {
      const row = new Float32Array(width);
      const angles = periods.map((period) => (2 * Math.PI * (i % period)) / period);
      row.set([1, ...angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])], columns[kind]);
      return row;
    }),
  );
  return { values: Float32Array.from(rows.flatMap((row) => [...row])), width };
}

function circleTable(circles: readonly Circles[]): Features {
  const { values, width } = circleFeatures(circles);
  const count = values.length / width;
  const table = constant(values, { shape: [count, width] });
  const squares = values.reduce((sum, value) => sum + value * value, 0) / count;
  return { width, squares, of: (ids) => gather(table, ids) };
}
