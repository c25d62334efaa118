/** @file Parameter scopes: names, their order, and that no name is given twice. */
import { expect, it } from "vitest";
import { constantly } from "./initialiser.ts";
import { Linear } from "./linear.ts";
import { ParameterScope } from "./parameter.ts";

const zero = constantly(0);

it("names parameters by the way to them, in the order in which they are declared", () => {
  const scope = ParameterScope.root();
  const block = scope.child("blocks").child(1);
  block.child("attention").declare("weight", [2, 3], zero);
  scope.declare("weight", [4], zero);
  block.declare("bias", [3], zero);
  const names = ["blocks.1.attention.weight", "weight", "blocks.1.bias"];
  expect(Object.keys(scope.specs())).toEqual(names);
  expect(Object.keys(block.specs())).toEqual(names);
  expect(Object.values(scope.specs()).map(({ shape }) => shape)).toEqual([[2, 3], [4], [3]]);
});

it("gives each parameter as an input of its name, the same each time", () => {
  const scope = ParameterScope.root();
  const tensor = scope.child("a").declare("weight", [2], zero);
  expect(tensor).toEqual({ type: "float32", shape: [2], origin: { kind: "input", name: "a.weight" } });
  expect(scope.tensors()).toEqual({ "a.weight": tensor });
  expect(scope.tensors()["a.weight"]).toBe(tensor);
});

it("refuses a name that is taken, whichever way it is reached", () => {
  const scope = ParameterScope.root();
  scope.child("a").declare("b.weight", [1], zero);
  expect(() => scope.child("a").child("b").declare("weight", [2], zero)).toThrow(
    'invariant: parameter "a.b.weight" is declared once',
  );
  const sizes = { inFeatures: 1, outFeatures: 1 };
  new Linear(scope.child("linear"), sizes);
  expect(() => new Linear(scope.child("linear"), sizes)).toThrow("linear.weight");
});
