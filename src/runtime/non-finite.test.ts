/** @file Where a NaN begins: the first tensor that holds one, on every runtime and however it rewrites graphs. */
import { describe, expect, it } from "vitest";
import { add, div, exp, log, mul, reduceSum, scan, sub, tanh } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "./interpreter.ts";
import { findNonFinite } from "./non-finite.ts";
import type { NamedTensors, Runtime, SessionOptions, TensorData } from "./session.ts";

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [3]);
const float32 = (shape: readonly number[], data: readonly number[]): TensorData => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});
const feeds = (last: number, others: NamedTensors = {}): NamedTensors => ({
  x: float32([2, 3], [1, 2, 3, 4, 5, last]),
  ...others,
});

const direct: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
const cases: readonly (readonly [string, Runtime, SessionOptions])[] = [
  ["the interpreter", createInterpreter(), {}],
  ["onnxruntime-node", direct, { threads: 1 }],
  ["onnxruntime-node as it is told", direct, { threads: 1, optimisation: "disabled" }],
];

describe.each(cases)("on %s", (_, runtime, options) => {
  const find = (loss: Tensor, given: NamedTensors) =>
    findNonFinite(runtime, { outputs: { loss: reduceSum(loss), other: tanh(loss) } }, given, options);

  it("there is none where all is finite, however large", async () => {
    expect(await find(log(exp(x)), feeds(80))).toBeUndefined();
    expect(await find(mul(x, 1e37), feeds(0.1))).toBeUndefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "it is the input that was fed %d, before all that is made of it",
    async (value) => {
      const origin = await find(log(x), feeds(value));
      expect(origin).toEqual({ name: "x", type: "float32[2, 3]" });
    },
  );

  it("it is the operator that makes one of finite numbers, not those that follow", async () => {
    expect(await find(tanh(exp(log(x))), feeds(-1))).toEqual({ name: "Log", type: "float32[2, 3]" });
    expect(await find(sub(exp(x), exp(x)), feeds(1000))).toEqual({ name: "Exp", type: "float32[2, 3]" });
    const others = { y: float32([3], [1, 0, 1]) };
    expect(await find(add(div(x, y), log(x)), feeds(1, others))).toEqual({
      name: "Div",
      type: "float32[2, 3]",
    });
  });

  it("it is the whole loop where it begins in one", async () => {
    const { states } = scan({
      states: [y],
      sequences: [x],
      step: ([state], [row]) => ({ states: [log(mul(state, row))] }),
    });
    const others = { y: float32([3], [1, 1, -1]) };
    expect(await find(states[0], feeds(1, others))).toEqual({ name: "Scan", type: "float32[3]" });
  });

  it("whole numbers hold none", async () => {
    const counts: TensorData = { type: "int32", shape: [2], data: Int32Array.of(2 ** 31 - 1, -1) };
    expect(await find(x, feeds(1, { counts }))).toBeUndefined();
  });
});
