/** @file How parameters begin: the distributions, and that each parameter's numbers are its own. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import { constantly, glorotUniform, type Initialiser, lecunUniform, normal, uniform } from "./initialiser.ts";
import { initialise, ParameterScope } from "./parameter.ts";

const count = 40_000;

function fill(initialiser: Initialiser, shape: readonly number[], seed: number | string = 1): Float32Array {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(Number.NaN);
  initialiser(data, shape, createRandom(seed));
  return data;
}

const mean = (values: Float32Array, of: (value: number, i: number) => number) =>
  values.reduce((sum, value, i) => sum + of(value, i), 0) / values.length;

/** Five standard deviations of a mean of `count` draws, each of which scatters by `deviation`. */
const tolerance = (deviation: number) => (5 * deviation) / Math.sqrt(count);

describe("normal", () => {
  const deviation = 0.3;
  const values = fill(normal(deviation), [count]);

  it("has the mean, the deviation and the tails of a normal distribution", () => {
    expect(Math.abs(mean(values, (value) => value))).toBeLessThan(tolerance(deviation));
    const scaled = values.map((value) => value / deviation);
    expect(Math.abs(mean(scaled, (value) => value ** 2) - 1)).toBeLessThan(tolerance(Math.sqrt(2)));
    expect(Math.abs(mean(scaled, (value) => value ** 4) - 3)).toBeLessThan(tolerance(Math.sqrt(96)));
    const share = mean(scaled, (value) => Number(Math.abs(value) < 1));
    expect(Math.abs(share - 0.6827)).toBeLessThan(tolerance(Math.sqrt(0.6827 * 0.3173)));
  });

  it("draws neighbours, which come in pairs, without regard to each other", () => {
    const products = mean(values, (value, i) => (value * values[(i + 1) % count]) / deviation ** 2);
    expect(Math.abs(products)).toBeLessThan(tolerance(1));
  });

  it("fills arrays of every length", () => {
    for (const length of [0, 1, 2, 7]) {
      const few = fill(normal(1), [length]);
      expect(few).toEqual(fill(normal(1), [8]).slice(0, length));
    }
  });
});

describe("uniform", () => {
  it("lies within its bound, and fills it evenly", () => {
    const bound = 0.7;
    const values = fill(uniform(bound), [count]);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.abs(mean(values, (value) => value))).toBeLessThan(tolerance(bound / Math.sqrt(3)));
    const variance = mean(values, (value) => value ** 2);
    expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(tolerance(bound ** 2 * Math.sqrt(4 / 45)));
    for (const quarter of [-1, -0.5, 0, 0.5]) {
      const share = mean(values, (value) =>
        Number(value >= quarter * bound && value < (quarter + 0.5) * bound),
      );
      expect(Math.abs(share - 0.25)).toBeLessThan(tolerance(Math.sqrt(3 / 16)));
    }
  });

  it("has Glorot's variance of 2 / (rows + columns) for a matrix", () => {
    const values = fill(glorotUniform, [400, 100]);
    const variance = mean(values, (value) => value ** 2);
    expect(Math.abs(variance - 2 / 500)).toBeLessThan(tolerance((6 / 500) * Math.sqrt(4 / 45)));
  });

  it("has LeCun's variance of 1 / rows for a matrix", () => {
    const values = fill(lecunUniform, [400, 100]);
    const variance = mean(values, (value) => value ** 2);
    expect(Math.abs(variance - 1 / 400)).toBeLessThan(tolerance((3 / 400) * Math.sqrt(4 / 45)));
  });
});

describe("first values", () => {
  const declare = (...names: readonly string[]) => {
    const scope = ParameterScope.root();
    for (const name of names) scope.declare(name, [3], uniform(1));
    return scope.specs();
  };

  it("follow from the seed", () => {
    expect(initialise(declare("a"), 1)).toEqual(initialise(declare("a"), 1));
    expect(initialise(declare("a"), 1)).not.toEqual(initialise(declare("a"), 2));
  });

  it("are each parameter's own: others may come and go", () => {
    const { b: alone } = initialise(declare("b"), 1);
    const { a, b, c } = initialise(declare("a", "b", "c"), 1);
    expect(b).toEqual(alone);
    expect(a).not.toEqual(b);
    expect(c).not.toEqual(b);
  });

  it("may be one number", () => {
    const scope = ParameterScope.root();
    scope.declare("weight", [2, 2], constantly(1.5));
    expect(initialise(scope.specs(), 1)).toEqual({
      weight: { shape: [2, 2], data: Float32Array.of(1.5, 1.5, 1.5, 1.5) },
    });
  });
});
