import { describe, expect, test } from "vitest";
import type { Parameters } from "../util/parameters.ts";
import { openWeightAverage } from "./ema.ts";

const weights = (...values: number[]): Parameters => ({
  "a.weight": { shape: [values.length], data: Float32Array.from(values) },
});

test("is the average that fades", () => {
  const { init, update } = openWeightAverage({ decay: 0.75, warmUp: false });
  const start = init(weights(4, 8));
  expect(start).toEqual({ updates: 0, parameters: weights(4, 8) });
  const once = update(start, weights(8, 8));
  expect(once).toEqual({ updates: 1, parameters: weights(5, 8) });
  expect(update(once, weights(9, 0))).toEqual({ updates: 2, parameters: weights(6, 6) });
});

test("warms up: the first updates forget more", () => {
  const { init, update } = openWeightAverage({ decay: 0.5 });
  // From 1 towards 0, what is left is the product of the decays: 1/10, 2/11, … 8/17, then 1/2 for ever.
  let average = init(weights(1));
  const left = Array.from({ length: 12 }, () => {
    const before = average.parameters["a.weight"].data[0];
    average = update(average, weights(0));
    return average.parameters["a.weight"].data[0] / before;
  });
  const wanted = Array.from({ length: 12 }, (_, n) => (n < 8 ? (1 + n) / (10 + n) : 0.5));
  expect(left).toEqual(wanted.map((decay) => expect.closeTo(decay, 6)));
});

test("what does not move stays", () => {
  const { init, update } = openWeightAverage();
  const start = init(weights(0.1, -3, 1e30));
  expect(update(start, weights(0.1, -3, 1e30)).parameters).toEqual(start.parameters);
});

describe("its arrays", () => {
  const average = openWeightAverage({ decay: 0.5, warmUp: false });

  test("are its own, and change only where they are donated", () => {
    const parameters = weights(2, 2);
    const start = average.init(parameters);
    parameters["a.weight"].data.fill(4);
    expect(start.parameters).toEqual(weights(2, 2));
    const next = average.update(start, parameters);
    expect(next.parameters).toEqual(weights(3, 3));
    expect(start.parameters).toEqual(weights(2, 2));
    const donated = average.update(start, parameters, { donate: true });
    expect(donated).toEqual(next);
    expect(donated.parameters["a.weight"].data).toBe(start.parameters["a.weight"].data);
    expect(parameters).toEqual(weights(4, 4));
  });

  test("have to be those of the parameters", () => {
    expect(() => average.update(average.init(weights(1, 2)), weights(1))).toThrow(
      expect.objectContaining({ name: "ParameterMismatchError", parameter: "a.weight" }),
    );
  });
});

test("its configuration is checked", () => {
  expect(openWeightAverage().config).toEqual({ decay: 0.999, warmUp: true });
  expect(() => openWeightAverage({ decay: 1 })).toThrow(
    expect.objectContaining({
      name: "ConfigError",
      message: expect.stringMatching(/^average of weights, `decay`: /),
    }),
  );
});
