import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customGradient } from "./custom-gradient.ts";
import { add, mul, neg, split, tanh } from "./operators/index.ts";
import { constant, input, type Node, type Tensor } from "./tensor.ts";
import { dependentsOf, differentiableNodes, inputsOf, seeThrough, sortedNodes } from "./walk.ts";

const names = (nodes: readonly Node[]) => nodes.map(({ operator }) => operator);

const x = input("x", "float32", [4]);
const y = input("y", "float32", [4]);

/** A graph in which each tensor is made of two earlier ones. */
const graphs = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 30 }).map((pairs) => {
  const made = [x, y];
  for (const [a, b] of pairs) made.push(add(made[a % made.length], made[b % made.length]));
  return made;
});

describe("sortedNodes", () => {
  it("gives each node once, after those it needs, and no others", () => {
    fc.assert(
      fc.property(graphs, (tensors) => {
        const last = tensors[tensors.length - 1];
        const nodes = sortedNodes([last]);
        expect(new Set(nodes).size).toBe(nodes.length);
        const done = new Set<Tensor>([x, y]);
        for (const node of nodes) {
          expect(node.inputs.every((tensor) => done.has(tensor))).toBe(true);
          for (const output of node.outputs) done.add(output);
        }
        expect(done.has(last)).toBe(true);
        const used = new Set([last, ...nodes.flatMap(({ inputs }) => inputs)]);
        expect(nodes.every(({ outputs }) => outputs.some((tensor) => used.has(tensor)))).toBe(true);
      }),
    );
  });

  it("stops at a boundary", () => {
    const inner = tanh(x);
    expect(names(sortedNodes([neg(inner)], new Set([inner])))).toEqual(["Neg"]);
    expect(sortedNodes([inner], new Set([inner]))).toEqual([]);
  });

  it("sees through other names, as far as the boundary", () => {
    const inner = tanh(x);
    const [renamed] = customGradient([x], [inner], () => [undefined]);
    expect(names(sortedNodes([neg(renamed)]))).toEqual(["Tanh", "Neg"]);
    expect(names(sortedNodes([neg(renamed)], new Set([renamed])))).toEqual(["Neg"]);
    expect(seeThrough(renamed)).toBe(inner);
    expect(seeThrough(renamed, new Set([renamed]))).toBe(renamed);
  });

  it("asks as told what a node needs", () => {
    const [first, second] = split(mul(x, y), [1, 3], 0);
    expect(names(sortedNodes([add(first, second)], undefined, () => []))).toEqual(["Add"]);
  });

  it("is at home in graphs deeper than any stack", () => {
    let deep = x;
    for (let i = 0; i < 50_000; i++) deep = neg(deep);
    expect(sortedNodes([deep])).toHaveLength(50_000);
    expect(dependentsOf([x], [deep]).size).toBe(50_001);
  });
});

describe("differentiableNodes", () => {
  it("has names for other tensors among them, and what stands behind", () => {
    const [renamed] = customGradient([x], [tanh(x)], () => [undefined]);
    expect(names(differentiableNodes([neg(renamed)]))).toEqual(["Tanh", "CustomGradient", "Neg"]);
  });
});

describe("inputsOf", () => {
  it("lists inputs once, as they are met, and no constants", () => {
    const sum = add(mul(y, constant([1, 2, 3, 4])), add(x, y));
    expect(inputsOf([sum])).toEqual([y, x]);
    expect(inputsOf([x, y, x])).toEqual([x, y]);
    expect(inputsOf([constant(1)])).toEqual([]);
  });
});

describe("dependentsOf", () => {
  it("holds the sources and all that changes with them, all outputs of a node alike", () => {
    const inner = tanh(x);
    const other = tanh(y);
    const [first, second] = split(inner, [1, 3], 0);
    const sum = add(second, first);
    const dependent = dependentsOf([x], [sum, other]);
    for (const tensor of [x, inner, first, second, sum]) expect(dependent.has(tensor)).toBe(true);
    for (const tensor of [y, other]) expect(dependent.has(tensor)).toBe(false);
  });

  it("does not look behind sources", () => {
    const inner = tanh(x);
    expect(dependentsOf([inner], [neg(inner)]).has(x)).toBe(false);
  });

  it("follows what a gradient of one's own flows to", () => {
    const [renamed] = customGradient([y], [tanh(x)], () => [undefined]);
    expect(dependentsOf([y], [renamed]).has(renamed)).toBe(true);
  });
});
