/** @file The laws of an operator: what each in the registry promises, on the reference evaluation. */
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/graph/evaluate.ts";
import { type Numbers, sizeOf } from "../../src/graph/numbers.ts";
import { operators } from "../../src/graph/operators/index.ts";
import { ShapeError } from "../../src/graph/shape.ts";
import { formatType, isFloat, type Tensor } from "../../src/graph/tensor.ts";
import { knownSizes, type Misfit } from "./operator-cases/case.ts";
import { families } from "./operator-cases/index.ts";
import {
  type Cotangents,
  differences,
  drawCotangents,
  gradientsOf,
  hasNames,
  type Tried,
  tryOut,
} from "./operator-cases/tried.ts";

export function operatorLaws(): void {
  it("every operator has its cases, and its own name", () => {
    const covered = Object.values(families).flatMap(({ cases }) =>
      Object.entries(cases).flatMap(([operator, list]) => (list.length > 0 ? [operator] : [])),
    );
    expect(covered.toSorted()).toEqual(Object.keys(operators).toSorted());
    for (const [name, operator] of Object.entries(operators)) expect(operator.name).toBe(name);
  });

  describe.each(Object.entries(families))("%s", (_, { cases, misfits }) => {
    describe.each(Object.entries(cases))("%s", (operator, list) => {
      it.each(list)("$label: what is inferred is what is computed", (example) => {
        inferenceLaw(tryOut(operator, example));
      });

      it.each(list)("$label: what is read back computes the same", (example) => {
        encodingLaw(tryOut(operator, example));
      });

      // Names cannot be repeated to, which many gradients do: those of sizes hold for them.
      const sized = list.filter((example) => !hasNames(example));
      it.each(sized)("$label: the gradient is the slope", (example) => {
        const tried = tryOut(operator, example);
        const cotangents = drawCotangents(tried);
        gradientLaw(tried, cotangents);
        additionLaw(tried, cotangents);
      });
    });

    it.each(misfits)("$operator refuses $shapes", misfitLaw);
  });
}

function inferenceLaw({ node, known }: Tried): void {
  const results = evaluate(node.outputs, known);
  for (const [i, output] of node.outputs.entries()) {
    const { type, shape, values } = results[i];
    expect({ type: output.type, shape: knownSizes(output.shape) }).toEqual({ type, shape });
    expect(values).toHaveLength(sizeOf(shape));
  }
}

function encodingLaw({ node, known }: Tried): void {
  const { domain, arity, read } = operators[node.operator];
  expect(node.domain).toBe(domain);
  // Lists are told from inputs by their place in a file.
  if (node.encoding.lists.length > 0) expect(arity).toBe(node.inputs.length);
  const outputs = read(node.inputs, node.encoding);
  const [{ origin }] = outputs;
  expect(origin.kind === "node" && origin.node.encoding).toEqual(node.encoding);
  const typesOf = (tensors: readonly Tensor[]) =>
    tensors.map(({ type, shape }) => ({ type, shape: knownSizes(shape) }));
  expect(typesOf(outputs)).toEqual(typesOf(node.outputs));
  expect(evaluate(outputs, known)).toEqual(evaluate(node.outputs, known));
}

function gradientLaw(tried: Tried, cotangents: Cotangents): void {
  const { tensors, example, known } = tried;
  const gradients = gradientsOf(tried, cotangents.tensors);
  for (const [i, tensor] of tensors.entries()) {
    if (!isFloat(tensor.type) || example.still.includes(i)) continue;
    const expected = slopes(tried, cotangents, tensor);
    const gradient = gradients[i];
    if (gradient === undefined) {
      const flat = Array.from(expected.values).every((slope) => slope === 0);
      expect(flat, "what answers nothing has no slope").toBe(true);
      continue;
    }
    expect(formatType(gradient)).toBe(formatType(tensor));
    const [found] = evaluate([gradient], new Map([...known, ...cotangents.known]));
    expect(differences(found, expected, 1e-6)).toEqual([]);
  }
}

/** Where one of several outputs is used alone, the cotangents of the others are nothing rather than zero. */
function additionLaw(tried: Tried, cotangents: Cotangents): void {
  const known = new Map([...tried.known, ...cotangents.known]);
  const parts = cotangents.tensors.map((_, which) =>
    gradientsOf(
      tried,
      cotangents.tensors.map((each, i) => (i === which ? each : undefined)),
    ),
  );
  for (const [i, gradient] of gradientsOf(tried, cotangents.tensors).entries()) {
    if (gradient === undefined) continue;
    const [sum, ...shares] = evaluate([gradient, ...parts.flatMap((part) => part[i] ?? [])], known);
    const values = Array.from(sum.values, (_, k) =>
      shares.reduce((total, each) => total + each.values[k], 0),
    );
    expect(differences(sum, { ...sum, values }, 1e-12)).toEqual([]);
  }
}

/** Central differences of Σ cotangent · output, one element of an input after the other. */
function slopes({ outputs, known }: Tried, cotangents: Cotangents, target: Tensor): Numbers {
  const [at] = evaluate([target], known);
  const step = 1e-4;
  const projection = (moved: number, by: number) => {
    const values = Array.from(at.values, (value, i) => (i === moved ? value + by : value));
    const results = evaluate(outputs, new Map([...known, [target, { ...at, values }]]));
    return cotangents.tensors.reduce((sum, tensor, i) => {
      const weights = tensor && cotangents.known.get(tensor)?.values;
      return weights
        ? Array.from(results[i].values).reduce((part, value, k) => part + weights[k] * value, sum)
        : sum;
    }, 0);
  };
  const slope = (_: number, i: number) => (projection(i, step) - projection(i, -step)) / (2 * step);
  return { ...at, values: Array.from(at.values, slope) };
}

function misfitLaw({ operator, shapes, attempt }: Misfit): void {
  const error = refusalBy(attempt);
  expect(error.operator).toBe(operator);
  expect(error.shapes).toEqual(shapes);
  const found = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
  expect(error.message).toContain(`${operator}: expected `);
  expect(error.message).toContain(`, got ${found} (called at `);
  expect(error.message).toMatch(/operator-cases[/\\]\w+\.ts:\d+:\d+\)$/);
}

function refusalBy(attempt: () => unknown): ShapeError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ShapeError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
