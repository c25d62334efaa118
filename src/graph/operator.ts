/** @file An operator as a record: what it infers, computes and sends back; and how one is applied. */
import { invariant } from "../util/errors.ts";
import { type Encoding, EncodingReader, nothing } from "./encoding.ts";
import type { Numbers } from "./numbers.ts";
import type { Node, StepInput, Tensor, TensorType } from "./tensor.ts";

/** What an operator's gradient is given. */
export interface Call<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** One per output; undefined where nothing flows back. At least one is given. */
  readonly cotangents: readonly (Tensor | undefined)[];
  readonly attributes: Attributes;
}

export interface Operator<Attributes> {
  /** ONNX's name: "MatMul". */
  readonly name: string;
  /** "" (ONNX itself) unless said otherwise. */
  readonly domain?: string;
  /** How many inputs proper stand before the lists of its encoding; all of them unless said. */
  readonly arity?: number;
  /** Types of the outputs. Throws ShapeError where the inputs do not fit. */
  infer(inputs: readonly TensorType[], attributes: Attributes): readonly TensorType[];
  /** Values of the outputs, computed in float64. */
  evaluate(inputs: readonly Numbers[], attributes: Attributes): readonly Numbers[];
  /** Left out where nothing flows back, as through comparisons. One entry per input. */
  gradient?(call: Call<Attributes>): readonly (Tensor | undefined)[];
  /** See {@link Node.sumOverSteps}. */
  sumOverSteps?(inputs: readonly StepInput[], attributes: Attributes): Tensor | undefined;
  /** Attributes as they stand in a file; left out where there are none. */
  encode?(attributes: Attributes, inputs: readonly TensorType[]): Partial<Encoding>;
  /** And back. What it does not ask the reader for is refused. */
  decode(reader: EncodingReader, inputs: readonly TensorType[]): Attributes;
}

/** An operator that can be looked up by name, whatever its attributes are. */
export interface RegisteredOperator {
  readonly name: string;
  readonly domain: string;
  readonly arity: number | undefined;
  /**
   * Applies the operator with attributes from a file.
   *
   * @throws GraphError for attributes and lists that it does not know
   */
  read(inputs: readonly Tensor[], encoding: Encoding): readonly Tensor[];
}

export interface DefinedOperator<Attributes> extends RegisteredOperator {
  apply(inputs: readonly Tensor[], attributes: Attributes): readonly Tensor[];
}

export function defineOperator<Attributes>(operator: Operator<Attributes>): DefinedOperator<Attributes> {
  return {
    name: operator.name,
    domain: operator.domain ?? "",
    arity: operator.arity,
    apply: (inputs, attributes) => apply(operator, inputs, attributes),
    read(inputs, encoding) {
      const reader = new EncodingReader(operator.name, encoding);
      const attributes = operator.decode(reader, inputs);
      reader.end();
      return apply(operator, inputs, attributes);
    },
  };
}

/** Types are checked here, so that an error points at the line that was wrong. */
function apply<Attributes>(
  operator: Operator<Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): readonly Tensor[] {
  const types = operator.infer(inputs, attributes);
  const outputs: Tensor[] = [];
  const node: Node = {
    operator: operator.name,
    domain: operator.domain ?? "",
    inputs,
    outputs,
    encoding: { ...nothing, ...operator.encode?.(attributes, inputs) },
    evaluate: (numbers) => operator.evaluate(numbers, attributes),
    gradient(cotangents) {
      if (operator.gradient === undefined) return inputs.map(() => undefined);
      const back = operator.gradient({ inputs, outputs, cotangents, attributes });
      invariant(back.length === inputs.length, `the gradient of ${operator.name} has one entry per input`);
      return back;
    },
    sumOverSteps: (steps) => operator.sumOverSteps?.(steps, attributes),
  };
  for (const [output, { type, shape }] of types.entries()) {
    outputs.push({ type, shape, origin: { kind: "node", node, output } });
  }
  return outputs;
}
