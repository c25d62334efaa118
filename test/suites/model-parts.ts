/** @file A window heard in parts, the state handed on from part to part as its specification says. */
import { build } from "../../src/graph/build.ts";
import { input } from "../../src/graph/tensor.ts";
import { type Model, type StateSpec, tokenShape } from "../../src/models/index.ts";
import type { NamedTensors, Runtime, Session, TensorData } from "../../src/runtime/session.ts";

/** A step of the model, or a window of so many tokens. */
export type Part = "step" | number;

interface Heard {
  readonly batch: number;
  readonly steps: number;
  /** Parameters, `tokens` int32 `[batch, steps]` (or with fields), and `controls` where the model has them. */
  readonly feeds: NamedTensors;
}

const lengthOf = (part: Part) => (part === "step" ? 1 : part);

/** Predictions `[batch, steps, size]`. */
export async function hearInParts(
  model: Model,
  runtime: Runtime,
  { batch, steps, feeds }: Heard,
  parts: readonly Part[],
): Promise<Float32Array> {
  const sessions = new Map<Part, Session>();
  for (const part of new Set(parts)) sessions.set(part, await openPart(model, runtime, part, batch));
  const parameters = Object.fromEntries(Object.entries(feeds).filter(([name]) => name in model.tensors));
  const state = new Map(Object.entries(model.state).map(([name, spec]) => [name, empty(spec, batch, steps)]));
  const { size: width } = model.outcome;
  const all = new Float32Array(batch * steps * width);
  const { tokens, controls } = feeds;
  let start = 0;
  for (const part of parts) {
    const length = lengthOf(part);
    const cut = (whole: TensorData, width: readonly number[]) => {
      const shape = part === "step" ? [batch, ...width] : [batch, length, ...width];
      return columns(whole, [batch, steps], start, length, shape);
    };
    const results = await sessions.get(part)?.run({
      ...parameters,
      "part.tokens": cut(tokens, tokenShape(model.outcome, [])),
      ...(controls ? { "part.controls": cut(controls, [model.controls]) } : {}),
      ...Object.fromEntries([...state].map(([name, tensor]) => [`state.${name}`, tensor])),
    });
    if (results === undefined) throw new Error(`there is a session for ${part}`);
    const { logits } = results;
    const size = length * width;
    for (let row = 0; row < batch; row++) {
      const own = Array.from(logits.data.slice(row * size, (row + 1) * size), Number);
      all.set(own, (row * steps + start) * width);
    }
    for (const [name, { update }] of Object.entries(model.state)) {
      const after = results[`after.${name}`];
      const before = state.get(name);
      if (before === undefined) throw new Error(`${name} has a state`);
      const { append: axis, ring = steps } = update === "replace" ? { append: 0 } : update;
      state.set(name, update === "replace" ? after : put(before, after, axis, start, ring));
    }
    start += length;
  }
  for (const session of sessions.values()) await session.dispose();
  return all;
}

function openPart(model: Model, runtime: Runtime, part: Part, batch: number): Promise<Session> {
  // Steps are for any number of sequences, windows of recurrent models for a given one.
  const rows = part === "step" ? "batch" : batch;
  const sizes = part === "step" ? [rows] : [rows, part];
  const tokens = input("part.tokens", "int32", tokenShape(model.outcome, sizes));
  const controls =
    model.controls > 0 ? input("part.controls", "float32", [...sizes, model.controls]) : undefined;
  const before = Object.fromEntries(
    Object.entries(model.state).map(([name, { type, shape }]) => [
      name,
      input(
        `state.${name}`,
        type,
        shape.map((size) => (size === "batch" ? rows : size)),
      ),
    ]),
  );
  const { logits, state } =
    part === "step"
      ? model.step({ tokens, controls }, before)
      : model.forward({ tokens, controls, state: before });
  const after = Object.entries(state).map(([name, tensor]) => [`after.${name}`, tensor] as const);
  return runtime.open(build({ outputs: { logits, ...Object.fromEntries(after) } }));
}

/** Remembers nothing; where steps are added there is room for all, or for those that stay. */
function empty({ type, shape: given, update }: StateSpec, batch: number, steps: number): TensorData {
  const past = update === "replace" ? 0 : Math.min(steps, update.ring ?? steps);
  const sizes: Readonly<Record<string, number>> = { batch, past };
  const shape = given.map((size) => (typeof size === "number" ? size : sizes[size]));
  const count = shape.reduce((product, size) => product * size, 1);
  return type === "int32"
    ? { type, shape, data: new Int32Array(count) }
    : { type, shape, data: new Float32Array(count) };
}

/** Of `[batch, steps, …]` the steps from `start`, in a shape of that size. */
function columns(
  { type, data }: TensorData,
  [batch, steps]: readonly [number, number],
  start: number,
  length: number,
  shape: readonly number[],
): TensorData {
  const width = data.length / (batch * steps);
  const values = Array.from({ length: batch }, (_, row) => {
    const from = (row * steps + start) * width;
    return Array.from(data.slice(from, from + length * width), Number);
  }).flat();
  return type === "int32"
    ? { type, shape, data: Int32Array.from(values) }
    : { type: "float32", shape, data: Float32Array.from(values) };
}

/** What was added, step after step at its place along an axis, whose places come round after `ring`. */
function put(into: TensorData, added: TensorData, axis: number, start: number, ring: number): TensorData {
  const inner = into.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const [room, count] = [into.shape[axis], added.shape[axis]];
  const data = Float32Array.from(into.data, Number);
  for (let i = 0; i < added.data.length; i++) {
    const [outer, step] = [Math.floor(i / (inner * count)), Math.floor(i / inner) % count];
    data[(outer * room + ((start + step) % ring)) * inner + (i % inner)] = Number(added.data[i]);
  }
  return { type: "float32", shape: into.shape, data };
}
