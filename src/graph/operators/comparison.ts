/** @file Comparisons and choices: nothing flows back through a comparison, all of it through a choice. */
import { offsetsOf, repeatedStrides, sizeOf } from "../numbers.ts";
import { type DefinedOperator, defineOperator } from "../operator.ts";
import { broadcast, commonType, knownShape, ShapeError } from "../shape.ts";
import { constant, type Tensor } from "../tensor.ts";
import { evaluatePair, type Operand, unbroadcast } from "./arithmetic.ts";

function defineComparison(
  name: string,
  compare: (a: number, b: number) => boolean,
): DefinedOperator<undefined> {
  return defineOperator<undefined>({
    name,
    infer([a, b]) {
      commonType(name, [a, b]);
      return [{ type: "bool", shape: broadcast(name, a.shape, b.shape) }];
    },
    evaluate: (inputs) => [evaluatePair(name, (a, b) => Number(compare(a, b)), inputs, "bool")],
    decode: () => undefined,
  });
}

export const comparison = {
  Equal: defineComparison("Equal", (a, b) => a === b),
  Greater: defineComparison("Greater", (a, b) => a > b),
  Less: defineComparison("Less", (a, b) => a < b),
  GreaterOrEqual: defineComparison("GreaterOrEqual", (a, b) => a >= b),
  LessOrEqual: defineComparison("LessOrEqual", (a, b) => a <= b),
  And: defineComparison("And", (a, b) => a !== 0 && b !== 0),
  Or: defineComparison("Or", (a, b) => a !== 0 || b !== 0),
  Not: defineOperator<undefined>({
    name: "Not",
    infer([{ type, shape }]) {
      if (type !== "bool") throw new ShapeError("Not", `bool instead of ${type}`, [shape]);
      return [{ type, shape }];
    },
    evaluate: ([{ type, shape, values }]) => [
      { type, shape, values: Float64Array.from(values, (value) => Number(value === 0)) },
    ],
    decode: () => undefined,
  }),
  Where: defineOperator<undefined>({
    name: "Where",
    infer([condition, a, b]) {
      if (condition.type !== "bool") {
        throw new ShapeError("Where", `a bool condition instead of ${condition.type}`, [condition.shape]);
      }
      const type = commonType("Where", [a, b]);
      if (type === "bool")
        throw new ShapeError("Where", "numbers instead of bool (choose between those with and, or, not)", [
          a.shape,
          b.shape,
        ]);
      return [{ type, shape: broadcast("Where", condition.shape, broadcast("Where", a.shape, b.shape)) }];
    },
    evaluate([condition, a, b]) {
      const whole = broadcast("Where", condition.shape, broadcast("Where", a.shape, b.shape));
      const shape = knownShape("Where", whole);
      const [atCondition, atA, atB] = [condition, a, b].map((each) =>
        offsetsOf(shape, repeatedStrides(each.shape, shape)),
      );
      const values = new Float64Array(sizeOf(shape));
      for (let i = 0; i < values.length; i++) {
        values[i] = condition.values[atCondition[i]] ? a.values[atA[i]] : b.values[atB[i]];
      }
      return [{ type: a.type, shape, values }];
    },
    gradient({ inputs: [condition, a, b], cotangents: [cotangent] }) {
      if (cotangent === undefined) return [undefined, undefined, undefined];
      const zero = constant(0, { type: cotangent.type });
      return [
        undefined,
        unbroadcast(where(condition, cotangent, zero), a),
        unbroadcast(where(condition, zero, cotangent), b),
      ];
    },
    decode: () => undefined,
  }),
};

function compare(operator: DefinedOperator<undefined>, a: Tensor, b: Operand): Tensor {
  const right = typeof b === "number" ? constant(b, { type: a.type }) : b;
  return operator.apply([a, right], undefined)[0];
}

export const equal = (a: Tensor, b: Operand): Tensor => compare(comparison.Equal, a, b);
export const greater = (a: Tensor, b: Operand): Tensor => compare(comparison.Greater, a, b);
export const less = (a: Tensor, b: Operand): Tensor => compare(comparison.Less, a, b);
export const greaterOrEqual = (a: Tensor, b: Operand): Tensor => compare(comparison.GreaterOrEqual, a, b);
export const lessOrEqual = (a: Tensor, b: Operand): Tensor => compare(comparison.LessOrEqual, a, b);
export const and = (a: Tensor, b: Tensor): Tensor => compare(comparison.And, a, b);
export const or = (a: Tensor, b: Tensor): Tensor => compare(comparison.Or, a, b);
export const not = (a: Tensor): Tensor => comparison.Not.apply([a], undefined)[0];
/** Elements of `a` where the condition holds, of `b` where it does not. */
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  comparison.Where.apply([condition, a, b], undefined)[0];
