import { describe, expect, it } from "vitest";
import { evaluate } from "../graph/evaluate.ts";
import { gradients } from "../graph/gradient.ts";
import type { Numbers } from "../graph/numbers.ts";
import { reduceSum } from "../graph/operators/index.ts";
import { constant, input } from "../graph/tensor.ts";
import { createRandom } from "../util/random.ts";
import { LogisticMixture } from "./logistic-mixture.ts";

const units = 40;
const mixture = new LogisticMixture(3, units);
const rows = 6;

/** Numbers as a network might answer them, and one row of extremes. */
function predictions(scale: number): Numbers {
  const random = createRandom(scale);
  const values = Float64Array.from({ length: rows * mixture.size }, () => scale * (random.next() - 0.5));
  return { type: "float32", shape: [rows, mixture.size], values };
}

describe.each([1, 8, 60])("a mixture of logistic distributions, numbers within ±%d / 2", (scale) => {
  const given = input("predictions", "float32", [rows, mixture.size]);
  const known = new Map([[given, predictions(scale)]]);
  const [all] = evaluate([mixture.logProbabilities(given)], known);

  it("has probabilities of whole units that add up to 1", () => {
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let unit = 0; unit < units; unit++) sum += Math.exp(Number(all.values[row * units + unit]));
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it("loses what the probability of the unit says, and no more than nothing", () => {
    for (let unit = 0; unit < units; unit++) {
      const targets = constant(new Array<number>(rows).fill(unit), { type: "int32" });
      const [losses] = evaluate([mixture.losses(given, targets)], known);
      for (let row = 0; row < rows; row++) {
        expect(losses.values[row]).toBeCloseTo(-Number(all.values[row * units + unit]), 6);
        expect(Number(losses.values[row])).toBeGreaterThan(-1e-9);
      }
    }
  });

  it("has finite gradients at both ends", () => {
    for (const unit of [0, 1, units - 1]) {
      const targets = constant(new Array<number>(rows).fill(unit), { type: "int32" });
      const { g } = gradients(reduceSum(mixture.losses(given, targets)), { g: given });
      const [found] = evaluate([g], known);
      for (const value of Array.from(found.values, Number)) expect(Number.isFinite(value)).toBe(true);
    }
  });
});
