/** @file The law of operators on a runtime: it computes what the reference evaluation computes, gradients included. */
import { describe, expect, it } from "vitest";
import { build } from "../../src/graph/build.ts";
import { evaluate } from "../../src/graph/evaluate.ts";
import type { Numbers } from "../../src/graph/numbers.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { toNumbers, toTensorData } from "../../src/runtime/convert.ts";
import type { Runtime, SessionOptions, TensorData } from "../../src/runtime/session.ts";
import type { FamilyCases } from "./operator-cases/case.ts";
import { families } from "./operator-cases/index.ts";
import { differences, drawCotangents, gradientsOf, hasNames, tryOut } from "./operator-cases/tried.ts";

/** One session for each family of operators: opening one takes longer than running it. */
export function runtimeLaw(runtime: Runtime, options: SessionOptions = {}): void {
  describe(`operators on ${runtime.name}`, () => {
    it.each(Object.entries(families))("%s", async (_, { cases }) => {
      const { outputs, known } = programOf(cases);
      const fed = [...known].map(([tensor, numbers]) => ({ tensor, data: toTensorData(numbers) }));
      const session = await runtime.open(build({ inputs: [...known.keys()], outputs }), options);
      try {
        const found = await session.run(
          Object.fromEntries(fed.map(({ tensor, data }) => [nameOf(tensor), data])),
        );
        expect(
          mistakes(outputs, found, new Map(fed.map(({ tensor, data }) => [tensor, toNumbers(data)]))),
        ).toEqual([]);
      } finally {
        await session.dispose();
      }
    });
  });
}

function nameOf({ origin }: Tensor): string {
  if (origin.kind === "input") return origin.name;
  throw new Error("only inputs are fed");
}

/** All that a family's cases compute, as one program, and the numbers of its inputs. */
function programOf(cases: FamilyCases["cases"]) {
  const outputs: Record<string, Tensor> = {};
  const known = new Map<Tensor, Numbers>();
  for (const [operator, list] of Object.entries(cases)) {
    for (const example of list) {
      const name = `${operator}, ${example.label}: `;
      const tried = tryOut(operator, example, name);
      const free = (tensor: Tensor) => tensor.origin.kind === "input";
      for (const [tensor, numbers] of tried.known) if (free(tensor)) known.set(tensor, numbers);
      for (const [i, output] of tried.outputs.entries()) outputs[`${name}output ${i}`] = output;
      if (hasNames(example)) continue;
      const cotangents = drawCotangents(tried, name);
      for (const [tensor, numbers] of cotangents.known) known.set(tensor, numbers);
      for (const [i, gradient] of gradientsOf(tried, cotangents.tensors).entries())
        if (gradient && free(tried.tensors[i])) outputs[`${name}gradient ${i}`] = gradient;
    }
  }
  return { outputs, known };
}

/** @param known what was fed, with the rounding that feeding implies */
function mistakes(
  outputs: Readonly<Record<string, Tensor>>,
  found: Readonly<Record<string, TensorData>>,
  known: ReadonlyMap<Tensor, Numbers>,
): readonly string[] {
  const expected = evaluate(Object.values(outputs), known);
  return Object.keys(outputs).flatMap((name, i) =>
    differences(toNumbers(found[name]), expected[i], 1e-5).map((difference) => `${name} ${difference}`),
  );
}
