/** @file A case of an operator: inputs to try its laws on. */
import type { Numbers } from "../../../src/graph/numbers.ts";
import { constant, input, type Tensor } from "../../../src/graph/tensor.ts";
import type { DataType, Dimension } from "../../../src/onnx/model.ts";
import type { Random } from "../../../src/util/random.ts";

/** An input that a case asks for. */
export interface Given {
  readonly type: DataType;
  /** May hold names; `namedSizes` says what they stand for. */
  readonly shape: readonly Dimension[];
  /** Whether it is a constant of the graph. */
  readonly fixed: boolean;
  readonly draw: (random: Random, index: number) => number;
}

export interface OperatorCase {
  readonly label: string;
  readonly inputs: readonly Given[];
  /** Outputs of the operator in question. */
  readonly apply: (inputs: readonly Tensor[]) => readonly Tensor[];
  /** Inputs that nothing flows back to, although the outputs change with them. */
  readonly still: readonly number[];
}

/** Cases for every operator of a family. */
export type CasesOf<Family> = Readonly<Record<keyof Family, readonly OperatorCase[]>>;

/** A call whose shapes do not fit. */
export interface Misfit {
  readonly operator: string;
  readonly shapes: readonly (readonly Dimension[])[];
  readonly attempt: () => unknown;
}

export interface FamilyCases {
  readonly cases: Readonly<Record<string, readonly OperatorCase[]>>;
  readonly misfits: readonly Misfit[];
}

/** What the names in shapes stand for when numbers are put in. */
const namedSizes: Readonly<Record<string, number>> = { batch: 2, time: 3, past: 4 };

/** A size as a number: "past + 1" is 5. Read from left to right. */
export function sizeOfDimension(dimension: Dimension): number {
  if (typeof dimension === "number") return dimension;
  const [first, ...rest] = dimension.split(" ");
  const meaningOf = (word: string) => namedSizes[word] ?? Number(word);
  let size = meaningOf(first);
  for (let i = 0; i < rest.length; i += 2) {
    const value = meaningOf(rest[i + 1]);
    if (rest[i] === "+") size += value;
    else if (rest[i] === "-") size -= value;
    else if (rest[i] === "*") size *= value;
    else size /= value;
  }
  return size;
}

export const knownSizes = (shape: readonly Dimension[]): readonly number[] => shape.map(sizeOfDimension);

export function example(
  label: string,
  inputs: readonly Given[],
  apply: (inputs: readonly Tensor[]) => Tensor | readonly Tensor[],
  { still = [] }: { readonly still?: readonly number[] } = {},
): OperatorCase {
  const outputs = (tensors: readonly Tensor[]) => {
    const result = apply(tensors);
    return "origin" in result ? [result] : result;
  };
  return { label, inputs, apply: outputs, still };
}

/** Between 0.25 and 1.75 in size, of either sign: neither zero nor large. */
const eitherSign = (random: Random) => (random.integer(2) === 0 ? -1 : 1) * (0.25 + 1.5 * random.next());

type Draw = Given["draw"];

const given = (type: DataType, shape: readonly Dimension[], draw: Draw): Given => ({
  type,
  shape,
  fixed: false,
  draw,
});

export const float = (shape: readonly Dimension[], draw: Draw = eitherSign): Given =>
  given("float32", shape, draw);

export const positive = (shape: readonly Dimension[]): Given =>
  float(shape, (random) => 0.25 + 1.5 * random.next());

/** These numbers, over and over. */
export const listed =
  (values: readonly number[]): Draw =>
  (_, index) =>
    values[index % values.length];

/** Whole numbers from `from` to before `to`. */
export const within =
  (from: number, to: number): Draw =>
  (random) =>
    from + random.integer(to - from);

export const int32 = (shape: readonly Dimension[], draw: Draw = within(-5, 6)): Given =>
  given("int32", shape, draw);

export const int64 = (shape: readonly Dimension[], draw: Draw = within(-5, 6)): Given =>
  given("int64", shape, draw);

export const bool = (shape: readonly Dimension[]): Given => given("bool", shape, within(0, 2));

export const of = (type: DataType, shape: readonly Dimension[], draw: Draw): Given =>
  given(type, shape, draw);

export const fixed = (each: Given): Given => ({ ...each, fixed: true });

/** The inputs of a case with numbers for each. */
export interface Drawn {
  readonly tensors: readonly Tensor[];
  readonly numbers: readonly Numbers[];
}

/** @param prefix what the inputs' names begin with */
export function drawInputs({ inputs }: OperatorCase, random: Random, prefix = ""): Drawn {
  const numbers = inputs.map(({ type, shape, draw }, i): Numbers => {
    const known = knownSizes(shape);
    const own = random.fork(i);
    const count = known.reduce((product, size) => product * size, 1);
    return { type, shape: known, values: Array.from({ length: count }, (_, index) => draw(own, index)) };
  });
  const tensors = inputs.map((each, i) => {
    const { type, shape, values } = numbers[i];
    return each.fixed ? constant(values, { type, shape }) : input(`${prefix}${i}`, type, each.shape);
  });
  return { tensors, numbers };
}
