/** @file What is done to all arrays of a record: making, copying, and checking that two records belong together. */
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { ParameterMismatchError } from "./error.ts";

export function zerosLike({ shape, data }: NamedArray): NamedArray {
  return { shape, data: new Float32Array(data.length) };
}

export function mapArrays(arrays: Parameters, change: (array: NamedArray) => NamedArray): Parameters {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, change(array)]));
}

export function copyArrays(arrays: Parameters): Parameters {
  return mapArrays(arrays, ({ shape, data }) => ({ shape, data: data.slice() }));
}

/** mean ← mean + share · (values − mean), in place: a mean, running or fading, stays one without a division. */
export function approach(mean: Float32Array, values: Float32Array, share: number): void {
  // A share of 1 is exact, and blind to what was there.
  if (share === 1) {
    mean.set(values);
    return;
  }
  // Four at a time, for the loop itself costs more than what it does.
  const whole = mean.length - (mean.length % 4);
  for (let i = 0; i < whole; i += 4) {
    mean[i] += share * (values[i] - mean[i]);
    mean[i + 1] += share * (values[i + 1] - mean[i + 1]);
    mean[i + 2] += share * (values[i + 2] - mean[i + 2]);
    mean[i + 3] += share * (values[i + 3] - mean[i + 3]);
  }
  for (let i = whole; i < mean.length; i++) mean[i] += share * (values[i] - mean[i]);
}

/**
 * Demands of `others` the names and shapes of `expected`: no fewer and no more.
 *
 * @param role what the others are, for the message: "gradient".
 * @throws ParameterMismatchError naming the first that is missing, misshapen or unknown.
 */
export function checkArrays(expected: Parameters, others: Parameters, role: string): void {
  for (const [name, array] of Object.entries(expected)) {
    if (!Object.hasOwn(others, name)) {
      throw new ParameterMismatchError(
        `found no ${role} for "${name}", expected ${format(array)}: give one for every parameter`,
        name,
      );
    }
    if (!isAlike(array, others[name])) {
      throw new ParameterMismatchError(
        `found ${role} of ${format(others[name])} for "${name}", expected ${format(array)}: give the same shape`,
        name,
      );
    }
  }
  const unknown = Object.keys(others).find((name) => !Object.hasOwn(expected, name));
  if (unknown === undefined) return;
  const names = Object.keys(expected).join(", ") || "no parameter";
  throw new ParameterMismatchError(
    `found ${role} for "${unknown}", expected it only for ${names}: leave it out`,
    unknown,
  );
}

function isAlike(a: NamedArray, b: NamedArray): boolean {
  return (
    a.data.length === b.data.length &&
    a.shape.length === b.shape.length &&
    a.shape.every((size, axis) => size === b.shape[axis])
  );
}

function format({ shape, data }: NamedArray): string {
  return `[${shape.join(", ")}] with ${data.length} numbers`;
}
