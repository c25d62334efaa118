/** @file Orthogonalisation as a graph, against the reference. */
import { describe, expect, it } from "vitest";
import { openOptimiser, orthogonaliseByNewtonSchulz } from "../optim/index.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { Runtime } from "../runtime/session.ts";
import type { NamedArray } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { createOrthogonaliser } from "./orthogonalise.ts";

const direct: Runtime = { name: "direct", providers: ["cpu"], open: openDirect };

function stackOf(matrices: number, rows: number, columns: number, seed: number): NamedArray {
  return { shape: [matrices, rows, columns], data: matrix(matrices * rows, columns, seed).data };
}

function matrix(rows: number, columns: number, seed: number): NamedArray {
  const random = createRandom(seed);
  return {
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => random.next() - 0.5),
  };
}

describe.each([createInterpreter(), direct])("orthogonalisation on $name", (runtime) => {
  it("of stacks of square, wide and tall matrices is that of the reference", async () => {
    const { orthogonalise, dispose } = createOrthogonaliser(runtime);
    const stacks = [stackOf(3, 8, 8, 1), stackOf(1, 6, 20, 2), stackOf(2, 20, 6, 3)];
    const found = await orthogonalise(stacks);
    const expected = await orthogonaliseByNewtonSchulz(stacks);
    expect(found.map(({ shape }) => shape)).toEqual(stacks.map(({ shape }) => shape));
    for (const [s, { data }] of expected.entries()) {
      for (const [i, value] of data.entries()) expect(found[s].data[i]).toBeCloseTo(value, 4);
    }
    await dispose();
  });

  it("leaves zeros as they are, beside a matrix that has a direction", async () => {
    const { orthogonalise, dispose } = createOrthogonaliser(runtime);
    const data = new Float32Array(32);
    data.set(matrix(4, 4, 2).data, 16);
    const [{ data: found }] = await orthogonalise([{ shape: [2, 4, 4], data }]);
    expect([...found.subarray(0, 16)]).toEqual(new Array(16).fill(0));
    expect(Math.hypot(...found.subarray(16))).toBeGreaterThan(1);
    await dispose();
  });
});

it("gives Muon the steps that the reference gives it", async () => {
  const { orthogonalise, dispose } = createOrthogonaliser(direct);
  const parameters = { "hidden.weight": matrix(8, 12, 3), bias: { shape: [8], data: new Float32Array(8) } };
  const gradients = {
    "hidden.weight": matrix(8, 12, 4),
    bias: { shape: [8], data: new Float32Array(8).fill(1) },
  };
  const [byGraph, byReference] = await Promise.all(
    [openOptimiser("muon", {}, { orthogonalise }), openOptimiser("muon")].map((optimiser) =>
      optimiser.update({ parameters, gradients, state: optimiser.init(parameters), learningRate: 0.02 }),
    ),
  );
  for (const [i, value] of byReference.parameters["hidden.weight"].data.entries()) {
    expect(byGraph.parameters["hidden.weight"].data[i]).toBeCloseTo(value, 5);
  }
  await dispose();
});
