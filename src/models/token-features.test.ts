/** @file The features of tokens by hand, and models that read them. */
import { describe, expect, it } from "vitest";
import { countShapes } from "../../test/suites/model-cases.ts";
import { ConfigError } from "../util/errors.ts";
import { openModel } from "./index.ts";
import { circleFeatures } from "./token-features.ts";

/** The kinds of events of Performance RNN. */
const events = [
  { tokens: 128, periods: [144, 12] },
  { tokens: 128, periods: [144, 12] },
  { tokens: 100, periods: [100] },
  { tokens: 32, periods: [32] },
];

const { values, width } = circleFeatures(events);
const featuresOf = (token: number) => [...values.subarray(token * width, (token + 1) * width)];

/** Sixteen floats, zeros but for what begins at a place. */
function block(place: number, numbers: readonly number[]): number[] {
  const row = new Float32Array(16);
  row.set(numbers, place);
  return [...row];
}

describe("features of Performance RNN's events, sixteen numbers to the bit", () => {
  const half = Math.sqrt(3) / 2;

  it.each([
    // Pitch 0 is where both circles begin.
    ["note-on:0", 0, block(0, [1, 1, 0, 1, 0])],
    // 36 is three octaves, a quarter of twelve; a quarter turn in doubles is 6e-17 short of straight up.
    ["note-on:36", 36, block(0, [1, 6.123233995736766e-17, 1, 1, 0])],
    // C sharp four octaves up: angle π · 49 / 72, and a twelfth of a turn.
    [
      "note-on:49",
      49,
      block(0, [1, Math.cos((49 * Math.PI) / 72), Math.sin((49 * Math.PI) / 72), half, 0.5]),
    ],
    ["note-on:60", 60, block(0, [1, -half, 0.5, 1, 0])],
    ["note-off:72", 200, block(5, [1, -1, 1.2246467991473532e-16, 1, 0])],
    [
      "note-off:127",
      255,
      block(5, [1, Math.cos((127 * Math.PI) / 72), Math.sin((127 * Math.PI) / 72), -half, -0.5]),
    ],
    ["time-shift:1", 256, block(10, [1, 1, 0])],
    ["time-shift:26", 281, block(10, [1, 6.123233995736766e-17, 1])],
    ["time-shift:100", 355, block(10, [1, Math.cos(1.98 * Math.PI), Math.sin(1.98 * Math.PI)])],
    ["velocity:1", 356, block(13, [1, 1, 0])],
    ["velocity:9", 364, block(13, [1, 6.123233995736766e-17, 1])],
    ["velocity:5", 360, block(13, [1, Math.SQRT1_2, Math.SQRT1_2])],
  ])("%s", (_, token, expected) => {
    expect(width).toBe(16);
    const found = featuresOf(token);
    // What is 0 or 1 on paper may be a last digit of a double away from it, and then is nothing as a float beside 1.
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 7);
    expect(found.map((value) => Math.abs(value) > 1e-9)).toEqual(
      expected.map((value) => Math.abs(value) > 1e-9),
    );
  });
});

describe("a model that reads features in place of one-hot tokens", () => {
  it("has fewer weights, by a row for each token less", () => {
    const plain = openModel("lstm", { vocabularySize: 388 });
    const circular = openModel("lstm", { vocabularySize: 388, circles: events });
    expect(countShapes(plain) - countShapes(circular)).toBe((388 - 16) * 4 * 512);
  });

  it.each([
    [{ fields: [3, 3] }, "model, `fields`: found 6 tokens together, expected the 7 of the whole vocabulary"],
    [{ circles: [{ tokens: 9, periods: [3] }] }, "model, `circles`: found 9 tokens together, expected the 7"],
    [
      { embedding: 4, circles: [{ tokens: 7, periods: [7] }] },
      "model, `circles`: found them beside an embedding of 4, expected one of them",
    ],
  ])("%j in a vocabulary of 7 is refused", (config, message) => {
    const attempt = () => openModel("gru", { vocabularySize: 7, ...config });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });
});
