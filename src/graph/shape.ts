/** @file Shapes: broadcasting, axes, and the error that shows two of them. */
import type { Dimension } from "../onnx/model.ts";
import { UserError } from "../util/errors.ts";
import { isFloat, type TensorType } from "./tensor.ts";

/** Shapes that do not fit an operator. The message names it, what was found and where it was called. */
export class ShapeError extends UserError {
  readonly operator: string;
  readonly shapes: readonly (readonly Dimension[])[];

  constructor(operator: string, expected: string, shapes: readonly (readonly Dimension[])[]) {
    const found = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    super(`${operator}: expected ${expected}${found === "" ? "" : `, got ${found}`}${callerLine()}`);
    this.operator = operator;
    this.shapes = shapes;
  }
}

/** The line outside these rooms that led to the operator: where the mistake was made. */
function callerLine(): string {
  const places = deepStack()
    .split("\n")
    .flatMap((frame) => frame.match(/(?:\(|at (?:async )?)([^()]+:\d+:\d+)\)?$/)?.[1] ?? []);
  // The first place is this file, and says where the rooms are; bundled into one, they cannot be told from the caller.
  const root = places[0]?.match(/^.*[/\\](?=graph[/\\]shape\.)/)?.[0];
  if (root === undefined) return "";
  const rooms = /^(graph|nn|models|runtime)[/\\](?!.*\.test\.)/;
  const isInside = (place: string) => place.startsWith(root) && rooms.test(place.slice(root.length));
  const outside = places.find((place) => !isInside(place) && !place.startsWith("node:"));
  return outside === undefined ? "" : ` (called at ${outside.replace(/^file:\/\//, "")})`;
}

/** V8 keeps ten frames unless told otherwise, and layers lie deeper in each other than that. */
function deepStack(): string {
  const limit: unknown = Reflect.get(Error, "stackTraceLimit");
  Reflect.set(Error, "stackTraceLimit", 100);
  const { stack = "" } = new Error();
  Reflect.set(Error, "stackTraceLimit", limit);
  return stack;
}

/** The shape of an elementwise result, by NumPy's rules; names fit only themselves and 1. */
export function broadcast(operator: string, a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ShapeError(operator, "shapes that broadcast", [a, b]);
  });
}

/** Axes along which `shape` was repeated to become `result`: those a gradient has to be summed over. */
export function repeatedAxes(shape: readonly Dimension[], result: readonly Dimension[]): number[] {
  const missing = result.length - shape.length;
  return result.flatMap((size, axis) =>
    axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
}

/** An axis counted from the front; -1 is the last. */
export function frontAxis(operator: string, axis: number, shape: readonly Dimension[]): number {
  const front = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(front) || front < 0 || front >= shape.length) {
    throw new ShapeError(operator, `a shape with axis ${axis}`, [shape]);
  }
  return front;
}

/** Sizes as numbers, for those who cannot do with names. */
export function knownShape(operator: string, shape: readonly Dimension[]): readonly number[] {
  return shape.map((size) => {
    if (typeof size === "number") return size;
    throw new ShapeError(operator, `a size in place of the name "${size}"`, [shape]);
  });
}

/** The size along an axis after putting together: names stay readable, as in "past + 1". */
export function sumOfSizes(sizes: readonly Dimension[]): Dimension {
  const known = sizes.reduce<number>((sum, size) => (typeof size === "number" ? sum + size : sum), 0);
  const names = sizes.filter((size) => typeof size === "string");
  return names.length === 0 ? known : addToSize(names.join(" + "), known);
}

/**
 * Sizes with names multiplied with each other and with a fraction: "batch" times 6 is "batch * 6", and that divided by 6
 * is "batch" again; "past + 1" times 6 is "(past + 1) * 6".
 */
export function productOfSizes(names: readonly string[], times: number, over: number): string {
  const isSum = (name: string) => / [+-] /.test(name.replaceAll(/\(.*?\)/g, ""));
  const whole = names.map((name) => (isSum(name) ? `(${name})` : name)).join(" * ");
  const [, base, sign, count] = whole.match(/^(.*) ([*/]) (\d+)$/) ?? [whole, whole, "*", "1"];
  const up = sign === "*" ? times * Number(count) : times;
  const down = sign === "/" ? over * Number(count) : over;
  if (up === down) return base.replace(/^\((.*)\)$/, "$1");
  if (up % down === 0) return `${base} * ${up / down}`;
  return down % up === 0 ? `${base} / ${down / up}` : `${base} * ${up} / ${down}`;
}

/** "past" and 1 make "past + 1"; that and -1 make "past" again. */
export function addToSize(name: string, count: number): string {
  const [, base, sign, before] = name.match(/^(.*) ([+-]) (\d+)$/) ?? [name, name, "+", "0"];
  const total = Number(sign + before) + count;
  if (total === 0) return base;
  return `${base} ${total < 0 ? "-" : "+"} ${Math.abs(total)}`;
}

export function sameShape(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** An element type with fractions. */
export function floatType(operator: string, { type, shape }: TensorType): TensorType["type"] {
  if (isFloat(type)) return type;
  throw new ShapeError(operator, `floating-point numbers instead of ${type}`, [shape]);
}

/** One element type over all inputs. */
export function commonType(operator: string, inputs: readonly TensorType[]): TensorType["type"] {
  const types = [...new Set(inputs.map(({ type }) => type))];
  if (types.length === 1) return types[0];
  throw new ShapeError(
    operator,
    `one element type instead of ${types.join(" and ")}`,
    inputs.map(({ shape }) => shape),
  );
}
