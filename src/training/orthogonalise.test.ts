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

function matrix(rows: number, columns: number, seed: number): NamedArray {
  const random = createRandom(seed);
  return {
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => random.next() - 0.5),
  };
}

describe.each([createInterpreter(), direct])("orthogonalisation on $name", (runtime) => {
  it.each([
    [8, 8],
    [6, 20],
    [20, 6],
  ])("of %i × %i is that of the reference", async (rows, columns) => {
    const { orthogonalise, dispose } = createOrthogonaliser(runtime);
    const found = await orthogonalise(matrix(rows, columns, 1));
    const expected = await orthogonaliseByNewtonSchulz(matrix(rows, columns, 1));
    expect(found.shape).toEqual([rows, columns]);
    for (const [i, value] of expected.data.entries()) expect(found.data[i]).toBeCloseTo(value, 4);
    await dispose();
  });

  it("leaves zeros as they are, and a second matrix of one shape to the same session", async () => {
    const { orthogonalise, dispose } = createOrthogonaliser(runtime);
    const zeros = await orthogonalise({ shape: [4, 4], data: new Float32Array(16) });
    expect([...zeros.data]).toEqual(new Array(16).fill(0));
    const again = await orthogonalise(matrix(4, 4, 2));
    expect(again.data.some((value) => value !== 0)).toBe(true);
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
