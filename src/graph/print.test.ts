/** @file Printing: what a person reads of a graph. */
import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  gather,
  gemm,
  reduceSum,
  reshape,
  scan,
  softmax,
  split,
  tanh,
} from "./operators/index.ts";
import { print } from "./print.ts";
import { constant, input } from "./tensor.ts";

describe("a graph in print", () => {
  it("has a line for each node, with types, attributes and short constants in place", () => {
    const x = input("x", "float32", ["batch", 3]);
    const weight = input("weight", "float32", [3, 2]);
    const shares = softmax(gemm(x, weight, constant([0.1, -1])), 1);
    expect(print({ outputs: { shares, total: reduceSum(shares) } })).toMatchInlineSnapshot(`
      "given x float32[batch, 3], weight float32[3, 2]
      Gemm_2 float32[batch, 2] = Gemm(x, weight, [0.1, -1], transA=0, transB=0, alpha=1, beta=1)
      shares float32[batch, 2] = Softmax(Gemm_2, axis=1)
      total float32[] = ReduceSum(shares, [0, 1], keepdims=0)
      return shares, total"
    `);
  });

  it("names long constants and says what they are; scalars and lists stand as they are", () => {
    const table = constant(new Float32Array(30), { shape: [10, 3] });
    const rows = gather(table, input("places", "int32", [2]));
    const [left] = split(add(reshape(rows, [3, 2]), 0.5), [1, 1], 1);
    expect(print({ outputs: { left, whole: cast(left, "int32") } })).toMatchInlineSnapshot(`
      "given places int32[2]
      Gather_2 float32[2, 3] = Gather(constant_1 float32[10, 3], places, axis=0)
      Reshape_4 float32[3, 2] = Reshape(Gather_2, [3, 2])
      Add_6 float32[3, 2] = Add(Reshape_4, 0.5)
      left float32[3, 1], Split_8 float32[3, 1] = Split(Add_6, [1, 1], axis=1)
      whole int32[3, 1] = Cast(left, to=6)
      return left, whole"
    `);
  });

  it("has the body of a loop behind it, further in", () => {
    const x = input("x", "float32", ["steps", 4]);
    const start = input("start", "float32", [4]);
    const { states, outputs } = scan({
      states: [start],
      sequences: [x],
      step: ([state], [row]) => {
        const next = tanh(
          gemm(reshape(state, [1, 4]), constant(new Float32Array(16), { shape: [4, 4] }), row),
        );
        return { states: [reshape(next, [4])], outputs: [next] };
      },
    });
    expect(print({ outputs: { last: states[0], all: outputs[0] } })).toMatchInlineSnapshot(`
      "given start float32[4], x float32[steps, 4]
      Scan_11 float32[4], Scan_12 float32[steps, 1, 4] = Scan(start, x, num_scan_inputs=1, scan_input_directions=[0], scan_output_directions=[0])
        given given_1 float32[4], given_2 float32[4]
        Reshape_6 float32[1, 4] = Reshape(given_1, [1, 4])
        Gemm_8 float32[1, 4] = Gemm(Reshape_6, constant_7 float32[4, 4], given_2, transA=0, transB=0, alpha=1, beta=1)
        result_4 float32[1, 4] = Tanh(Gemm_8)
        result_3 float32[4] = Reshape(result_4, [4])
        return result_3, result_4
      last float32[4] = Identity(Scan_11)
      all float32[steps, 1, 4] = Identity(Scan_12)
      return last, all"
    `);
  });
});
