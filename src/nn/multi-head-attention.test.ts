/** @file Multi-head attention against its equation, and by what it must not depend on. */
import { describe, it } from "vitest";
import { drawNumbers, expectAgreement, expectNumbers } from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import {
  add,
  concat,
  matmul,
  mul,
  pow,
  reduceMean,
  reshape,
  slice,
  transpose,
} from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { attend, attendAfter, pastMask } from "./attention.ts";
import { type Attention, MultiHeadAttention } from "./multi-head-attention.ts";
import { ParameterScope } from "./parameter.ts";
import { rotaryTables, rotate } from "./rotary.ts";

const [batch, steps, heads, size] = [2, 4, 3, 2];
const features = heads * size;
const rotary = rotaryTables(16, size);
const x = input("x", "float32", [batch * steps, features]);
const from = (position: number) => ({ positions: constant([position], { type: "int32" }), rotary });
const causal: Attention = (queries, keys, values) => attend(queries, keys, values, { causal: true });

describe.each([true, false])("attention of several heads, normalised: %j", (queryKeyNorm) => {
  const scope = ParameterScope.root();
  const layer = new MultiHeadAttention(scope, { features, heads, queryKeyNorm });
  const parameters = scope.tensors();
  const targets = [x, ...Object.values(parameters)];
  const known = drawNumbers(targets, "heads");
  const rows = { batch, steps };

  it("is each head's attention, put together", () => {
    const apart = (name: string) =>
      transpose(reshape(matmul(x, parameters[`${name}.weight`]), [batch, steps, heads, size]), [0, 2, 1, 3]);
    const turned = (name: string) => {
      const norm = parameters[`${name}.norm.weight`];
      const each = apart(name);
      const length = pow(add(reduceMean(pow(each, 2), -1, { keep: true }), 1e-6), -0.5);
      const places = constant([0], { type: "int64" });
      return rotate(norm ? mul(mul(each, length), norm) : each, places, rotary);
    };
    const perHead = Array.from({ length: heads }, (_, head) => {
      const only = (tensor: Tensor) => slice(tensor, 1, head, head + 1);
      return attend(only(turned("query")), only(turned("key")), only(apart("value")), { causal: true });
    });
    const together = reshape(transpose(concat(perHead, 1), [0, 2, 1, 3]), [batch * steps, features]);
    const written = matmul(together, parameters["output.weight"]);
    const { output } = layer.forward(x, rows, from(0), causal);
    expectAgreement([output], [written], targets, known);
  });

  it("does not know where the window stands", () => {
    const [here, there] = [0, 9].map((start) => layer.forward(x, rows, from(start), causal).output);
    expectNumbers(evaluate([there], known), evaluate([here], known), 1e-6);
  });

  it("goes on from what it remembers as if it had heard it all", () => {
    const sequences = reshape(x, [batch, steps, features]);
    const part = (start: number, end: number) =>
      reshape(slice(sequences, 1, start, end), [batch * (end - start), features]);
    const whole = reshape(layer.forward(x, rows, from(0), causal).output, [batch, steps, features]);
    for (const [before, count] of [
      [3, 1],
      [1, 3],
    ]) {
      const { keys, values } = layer.forward(part(0, before), { batch, steps: before }, from(0), causal);
      const filled = constant(new Array<number>(batch).fill(before), { type: "int32", shape: [batch, 1] });
      const past = { keys, values, mask: pastMask(keys, filled) };
      const { output } = layer.forward(
        part(before, steps),
        { batch, steps: count },
        from(before),
        (...present) => attendAfter(past, ...present),
      );
      expectAgreement([reshape(output, [batch, count, features])], [slice(whole, 1, before)], targets, known);
    }
  });
});
