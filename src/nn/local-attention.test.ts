/** @file Local attention against the formula: in blocks, and after a ring of what was remembered. */
import { describe, expect, it } from "vitest";
import {
  drawNumbers,
  expectAgreement,
  expectNumbers,
  expectSlopes,
  projection,
} from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import type { Numbers } from "../graph/numbers.ts";
import { slice } from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { sortedNodes } from "../graph/walk.ts";
import { attend, hidden } from "./attention.ts";
import { attendLocally, localPattern, ringMask } from "./local-attention.ts";

function given(shape: readonly number[]) {
  const tensors = ["queries", "keys", "values"].map((name) => input(name, "float32", shape));
  return { tensors, known: drawNumbers(tensors, `local ${shape.join()}`) };
}

/** Attention in one piece, in which each step sees `reach` steps before it. */
function formula([queries, keys, values]: readonly Tensor[], reach: number): Tensor {
  const steps = Number(queries.shape[2]);
  const mask = Float32Array.from({ length: steps * steps }, (_, i) => {
    const distance = Math.floor(i / steps) - (i % steps);
    return distance >= 0 && distance <= reach ? 0 : hidden;
  });
  return attend(queries, keys, values, {
    causal: false,
    mask: constant(mask, { shape: [steps, steps] }),
  });
}

const shapesOfScores = (result: Tensor) =>
  sortedNodes([result])
    .filter(({ operator }) => operator === "Softmax")
    .map(({ inputs }) => inputs[0].shape.slice(2));

describe("local attention", () => {
  it.each([
    [1, 1],
    [7, 3],
    [7, 6],
    [7, 100],
    [129, 5],
    [255, 128],
    [300, 1],
    [400, 127],
    [400, 128],
    [400, 129],
    [515, 200],
  ])("of %d steps that look back %d is the formula", (steps, reach) => {
    const { tensors, known } = given([1, 1, steps, 2]);
    const [queries, keys, values] = tensors;
    const found = attendLocally(queries, keys, values, localPattern(steps, reach));
    expectAgreement([found], [formula(tensors, reach)], tensors, known);
  });

  it("has the slopes of finite differences", () => {
    const { tensors, known } = given([2, 2, 5, 2]);
    const [queries, keys, values] = tensors;
    expectSlopes(projection([attendLocally(queries, keys, values, localPattern(5, 2))]), tensors, known);
  });

  it("computes no more for each step of a long window than of a short one, with few masks", () => {
    const scoresOf = (steps: number) => {
      const [queries, keys, values] = given([1, 1, steps, 2]).tensors;
      return shapesOfScores(attendLocally(queries, keys, values, localPattern(steps, 256)));
    };
    const most = [128, 384];
    expect(scoresOf(768)).toEqual([[128, 128], [128, 256], most, most, most, most]);
    expect(scoresOf(8192).slice(2)).toEqual(Array.from({ length: 62 }, () => most));
    const { blocks } = localPattern(8192, 256);
    expect(new Set(blocks.map(({ mask }) => mask)).size).toBe(3);
  });
});

describe("local attention after a ring", () => {
  const [batch, heads, size] = [2, 2, 2];
  const reach = 5;

  it.each([1, 2, 4, 6, 11, 300])("of %d steps is that of past and present together", (steps) => {
    // Not all sequences have come equally far.
    for (const counts of [
      [0, 0],
      [3, 5],
      [5, 12],
      [41, 6],
    ]) {
      const longest = Math.max(...counts);
      const { tensors, known } = given([batch, heads, longest + steps, size]);
      const [queries, keys, values] = tensors;
      // Each sequence ends with the window; what it has heard stands before it.
      const starts = counts.map((count) => longest - count);
      const window = (x: Tensor) => slice(x, 2, longest);
      const room = Math.min(reach, Math.max(1, longest));
      const ring = (name: string, of: Tensor) => {
        const tensor = input(name, "float32", [batch, heads, room, size]);
        const all = known.get(of)?.values ?? [];
        const numbers = new Float64Array(batch * heads * room * size).fill(1e3);
        for (const [sequence, count] of counts.entries())
          for (let head = 0; head < heads; head++)
            for (let step = Math.max(0, count - reach); step < count; step++)
              for (let i = 0; i < size; i++) {
                const row = sequence * heads + head;
                numbers[(row * room + (step % reach)) * size + i] =
                  all[(row * (longest + steps) + starts[sequence] + step) * size + i];
              }
        return [
          tensor,
          { type: "float32", shape: tensor.shape.map(Number), values: numbers } as Numbers,
        ] as const;
      };
      const position = input("position", "int32", [batch, 1]);
      const rings = [ring("past keys", keys), ring("past values", values)] as const;
      const all = new Map([
        ...known,
        ...rings,
        [position, { type: "int32", shape: [batch, 1], values: counts }] as const,
      ]);
      const past = {
        keys: rings[0][0],
        values: rings[1][0],
        mask: ringMask(rings[0][0], position, steps, reach),
      };
      const found = attendLocally(
        window(queries),
        window(keys),
        window(values),
        localPattern(steps, reach),
        past,
      );
      for (const [sequence, start] of starts.entries()) {
        const own = tensors.map((x) => slice(slice(x, 0, sequence, sequence + 1), 2, start));
        const whole = slice(formula(own, reach), 2, counts[sequence]);
        expectNumbers(
          evaluate([slice(found, 0, sequence, sequence + 1)], all),
          evaluate([whole], all),
          1e-10,
        );
      }
    }
  });
});
