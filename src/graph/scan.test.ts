/** @file Gradients through loops, against finite differences; and what is built of them. */
import { describe, expect, it } from "vitest";
import { build } from "./build.ts";
import { evaluate } from "./evaluate.ts";
import { gradient } from "./gradient.ts";
import type { Numbers } from "./numbers.ts";
import {
  add,
  cast,
  concat,
  equal,
  gather,
  gemm,
  matmul,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  scan,
  sigmoid,
  split,
  tanh,
} from "./operators/index.ts";
import { print } from "./print.ts";
import { read } from "./read.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const steps = 4;
const batch = 2;
const size = 3;

/** Numbers for float inputs that are all different, and for int32 ones below 3. */
function numbersFor(tensors: readonly Tensor[]): Map<Tensor, Numbers> {
  let state = 1;
  const next = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  return new Map(
    tensors.map((tensor): [Tensor, Numbers] => {
      const shape = tensor.shape.map(Number);
      const count = shape.reduce((product, each) => product * each, 1);
      const values = Float64Array.from({ length: count }, () =>
        tensor.type === "int32" ? Math.floor(3 * next()) : next() - 0.5,
      );
      return [tensor, { type: tensor.type, shape, values }];
    }),
  );
}

function expectGradient(loss: Tensor, targets: readonly Tensor[], others: readonly Tensor[] = []): void {
  const known = numbersFor([...targets, ...others]);
  const found = evaluate(gradient(loss, targets), known);
  // And the same after building and reading, where Scans over one loop have become one.
  const outputs = Object.fromEntries(gradient(loss, targets).map((tensor, i) => [`gradient.${i}`, tensor]));
  const again = read(build({ inputs: [...known.keys()], outputs }));
  const knownAgain = new Map(again.inputs.map((tensor, i) => [tensor, [...known.values()][i]]));
  const rebuilt = evaluate(Object.values(again.outputs), knownAgain);
  for (const [i, target] of targets.entries()) {
    const values = known.get(target)?.values;
    if (!(values instanceof Float64Array)) throw new Error("every target has numbers");
    expect(found[i].shape).toEqual(target.shape);
    for (let at = 0; at < values.length; at++) {
      const before = values[at];
      const lossAt = (value: number) => {
        values[at] = value;
        return evaluate([loss], known)[0].values[0];
      };
      const slope = (lossAt(before + 1e-5) - lossAt(before - 1e-5)) / 2e-5;
      values[at] = before;
      expect(found[i].values[at], `target ${i}, element ${at}`).toBeCloseTo(slope, 7);
      expect(rebuilt[i].values[at], `target ${i}, element ${at}, rebuilt`).toBeCloseTo(slope, 7);
    }
  }
}

const x = input("x", "float32", [steps, batch, size]);
const classes = input("classes", "int32", [steps, batch]);
const h0 = input("h0", "float32", [batch, size]);
const c0 = input("c0", "float32", [batch, size]);
const w = input("w", "float32", [2 * size, 4 * size]);
const b = input("b", "float32", [4 * size]);
const table = input("table", "float32", [3, size]);
const scale = input("scale", "float32", [size]);

describe("the gradient of a loop", () => {
  it("is right for an LSTM written out", () => {
    const { states, outputs } = scan({
      states: [h0, c0],
      sequences: [x],
      step: ([h, c], [each]) => {
        const [i, f, o, g] = split(gemm(concat([each, h], 1), w, b), [size, size, size, size], 1);
        const cell = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
        const hidden = mul(sigmoid(o), tanh(cell));
        return { states: [hidden, cell], outputs: [hidden] };
      },
    });
    expectGradient(add(reduceSum(mul(outputs[0], outputs[0])), reduceSum(states[1])), [x, w, b, h0, c0]);
  });

  it("is right backwards, for a loop without states, and where only a state counts", () => {
    const backwards = scan({
      states: [h0],
      sequences: [x],
      reverse: true,
      step: ([h], [each]) => ({ states: [tanh(add(h, each))], outputs: [mul(h, each)] }),
    });
    expectGradient(add(reduceSum(backwards.outputs[0]), reduceSum(backwards.states[0])), [x, h0]);
    const stateless = scan({ sequences: [x], step: (_, [each]) => ({ outputs: [mul(each, each)] }) });
    expectGradient(reduceSum(stateless.outputs[0]), [x]);
    const last = scan({
      states: [h0],
      sequences: [x],
      step: ([h], [each]) => ({ states: [sigmoid(mul(h, each))] }),
    });
    expectGradient(reduceSum(last.states[0]), [x, h0]);
  });

  it("reaches what is captured: rows of a table, a scale, one tensor used twice, and one outside of every rule", () => {
    const looked = scan({
      states: [h0],
      sequences: [classes],
      step: ([h], [each]) => {
        const row = gather(table, each);
        const onehot = cast(
          equal(reshape(each, [batch, 1]), constant([0, 1, 2], { type: "int32", shape: [1, 3] })),
          "float32",
        );
        const again = matmul(onehot, tanh(table));
        const next = tanh(add(mul(add(h, row), scale), add(again, reduceMax(mul(h, scale)))));
        return { states: [next], outputs: [next] };
      },
    });
    expectGradient(reduceSum(mul(looked.outputs[0], looked.outputs[0])), [table, scale, h0], [classes]);
  });

  it("passes through loops within loops", () => {
    const nested = scan({
      states: [h0],
      sequences: [x],
      step: ([h], [each]) => {
        const inner = scan({
          states: [h],
          sequences: [each],
          step: ([state], [row]) => ({ states: [tanh(add(mul(state, scale), row))] }),
        });
        return { states: [inner.states[0]], outputs: [mul(inner.states[0], each)] };
      },
    });
    expectGradient(reduceSum(nested.outputs[0]), [x, h0, scale]);
  });

  it("can be derived again", () => {
    const { outputs } = scan({
      states: [h0],
      sequences: [x],
      step: ([h], [each]) => {
        const next = tanh(mul(add(h, each), scale));
        return { states: [next], outputs: [next] };
      },
    });
    const [first] = gradient(reduceSum(mul(outputs[0], outputs[0])), [scale]);
    expectGradient(reduceSum(mul(first, first)), [scale, x, h0]);
  });
});

describe("a loop that is built", () => {
  it("is one Scan forward and one backward, with one deep product for a weight", () => {
    const { outputs } = scan({
      states: [h0],
      sequences: [x],
      step: ([h], [each]) => {
        const next = tanh(gemm(concat([each, h], 1), weight, constant(0)));
        return { states: [next], outputs: [next] };
      },
    });
    const [toWeight] = gradient(reduceSum(outputs[0]), [weight]);
    const text = print({ outputs: { toWeight } });
    expect(text.match(/= Scan\(/g)).toHaveLength(2);
    expect(text.split("\n").at(-2)).toMatch(/^toWeight float32\[6, 3\] = Gemm\(.*transA=1/);
    const scans = build({ outputs: { toWeight } }).graph.nodes.filter(({ operator }) => operator === "Scan");
    expect(scans.map(({ attributes }) => JSON.stringify(attributes).includes('"Gemm"'))).toEqual([
      true,
      true,
    ]);
  });
});

const weight = input("weight", "float32", [2 * size, size]);
