/** @file What of an operator stands in a file besides its inputs: attributes, and constants that ONNX wants as inputs. */
import { type Attribute, type DataType, dataTypes } from "../onnx/model.ts";
import { UserError } from "../util/errors.ts";

export interface Encoding {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Lists of int64 that follow the inputs proper, as the axes of ReduceSum do. */
  readonly lists: readonly (readonly number[])[];
}

export const nothing: Encoding = { attributes: {}, lists: [] };

/** A graph that cannot be read: an unknown operator, or one used in a way that Rubato does not know. */
export class GraphError extends UserError {}

export const int = (value: number): Attribute => ({ type: "int", value });
export const flag = (value: boolean): Attribute => ({ type: "int", value: value ? 1 : 0 });
export const float = (value: number): Attribute => ({ type: "float", value });
export const ints = (value: readonly number[]): Attribute => ({ type: "ints", value });
export const text = (value: string): Attribute => ({ type: "string", value });

/** Reads what `encode` wrote. Each reader takes ONNX's default, where there is one. */
export class EncodingReader {
  readonly #operator: string;
  readonly #encoding: Encoding;
  /** Names of attributes and places of lists that were asked for. */
  readonly #known = new Set<string | number>();

  constructor(operator: string, encoding: Encoding) {
    this.#operator = operator;
    this.#encoding = encoding;
  }

  int(name: string, fallback?: number): number {
    const found = this.#attribute(name);
    if (found?.type === "int") return found.value;
    return this.#instead(found, name, "int", fallback);
  }

  float(name: string, fallback?: number): number {
    const found = this.#attribute(name);
    if (found?.type === "float") return found.value;
    return this.#instead(found, name, "float", fallback);
  }

  ints(name: string, fallback?: readonly number[]): readonly number[] {
    const found = this.#attribute(name);
    if (found?.type === "ints") return found.value;
    return this.#instead(found, name, "ints", fallback);
  }

  text(name: string, fallback?: string): string {
    const found = this.#attribute(name);
    if (found?.type === "string") return found.value;
    return this.#instead(found, name, "string", fallback);
  }

  flag(name: string, fallback?: boolean): boolean {
    return this.int(name, fallback === undefined ? undefined : Number(fallback)) !== 0;
  }

  /** An element type by its number in TensorProto. */
  dataType(name: string): DataType {
    const code = this.int(name);
    for (const type of dataTypeNames) if (dataTypes[type] === code) return type;
    throw new GraphError(`${this.#operator}: found element type ${code}, expected one that Rubato knows`);
  }

  /** The list at this place after the inputs proper. */
  list(index: number): readonly number[] {
    this.#known.add(index);
    const found = this.#encoding.lists[index];
    if (found !== undefined) return found;
    throw new GraphError(
      `${this.#operator}: found no constant list ${index}, expected a file that Rubato wrote`,
    );
  }

  /** The one number of a list. */
  single(index: number): number {
    const list = this.list(index);
    if (list.length === 1) return list[0];
    throw new GraphError(
      `${this.#operator}: found ${list.length} numbers in list ${index}, expected one: run this model with ONNX Runtime instead`,
    );
  }

  /**
   * To be called when everything was read that is understood.
   *
   * @throws GraphError where something is left, which may mean anything
   */
  end(): void {
    const { attributes, lists } = this.#encoding;
    const rest = [...Object.keys(attributes), ...lists.keys()].find((each) => !this.#known.has(each));
    if (rest === undefined) return;
    const found = typeof rest === "number" ? `a constant list ${rest}` : `an attribute "${rest}"`;
    throw new GraphError(
      `${this.#operator}: found ${found}, expected none: run this model with ONNX Runtime instead`,
    );
  }

  #attribute(name: string): Attribute | undefined {
    this.#known.add(name);
    return this.#encoding.attributes[name];
  }

  /** The default, where nothing was found and there is one. */
  #instead<Value>(
    found: Attribute | undefined,
    name: string,
    expected: string,
    fallback: Value | undefined,
  ): Value {
    if (found === undefined && fallback !== undefined) return fallback;
    throw new GraphError(
      `${this.#operator}: found ${found === undefined ? "no" : `a ${found.type} as`} attribute "${name}", expected ${expected}: export the model again`,
    );
  }
}

const dataTypeNames = ["float32", "float64", "float16", "int8", "uint8", "int32", "int64", "bool"] as const;
