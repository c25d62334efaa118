import { describe, expect, it } from "vitest";
import { evaluate } from "../evaluate.ts";
import type { Numbers } from "../numbers.ts";
import { input, type Tensor } from "../tensor.ts";
import { gather, gatherElements } from "./index.ts";

describe("indices beyond the data", () => {
  it.each([-4, 3])("are refused when they turn up: %i", (place) => {
    const data = input("data", "float32", [3, 1]);
    const indices = input("indices", "int32", [1]);
    const pairs = new Map<Tensor, Numbers>([
      [data, { type: "float32", shape: [3, 1], values: [1, 2, 3] }],
      [indices, { type: "int32", shape: [1], values: [place] }],
    ]);
    expect(() => evaluate([gather(data, indices)], pairs)).toThrow(
      `Gather: expected indices from -3 to 2 along axis 0 instead of ${place}, got [3, 1]`,
    );
    const column = input("column", "int32", [1, 1]);
    const known = new Map<Tensor, Numbers>([
      ...pairs,
      [column, { type: "int32", shape: [1, 1], values: [place] }],
    ]);
    expect(() => evaluate([gatherElements(data, column, 0)], known)).toThrow(
      "GatherElements: expected indices",
    );
  });
});
