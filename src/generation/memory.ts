/**
 * @file What a model remembers between steps, in arrays that are fed as they are: whether a state is replaced or grows,
 * nobody else has to know.
 */
import type { Model, StateSpec } from "../models/index.ts";
import type { NamedTensors, TensorData } from "../runtime/session.ts";
import { invariant, UserError } from "../util/errors.ts";

/** A model cannot look back further than its context. */
export class ContextError extends UserError {}

export interface Memory {
  /** Steps that are remembered. */
  readonly steps: number;
  /**
   * Feeds `state.<name>` of a graph that is to make this many steps. They are overwritten by `update`.
   *
   * @throws ContextError where the model has no room for them
   */
  feeds(steps: number): NamedTensors;
  /** Takes the results `after.<name>` of a graph that made this many steps. */
  update(results: NamedTensors, steps: number): void;
  /** Begins anew. */
  reset(): void;
  /** Another that remembers the same, and goes on by itself. */
  copy(): Memory;
}

interface Part {
  readonly feed: () => TensorData;
  readonly update: (result: TensorData, at: number, steps: number) => void;
  readonly reset: () => void;
  readonly copy: () => Part;
}

/** How many steps of room a growing state gets at a time: what is not filled yet is computed with, and hidden. */
const block = 128;

export function createMemory(model: Model, batch: number): Memory {
  const parts = Object.entries(model.state).map(
    ([name, spec]) =>
      [
        name,
        spec.update === "replace" ? replacedPart(spec, batch) : grownPart(spec, batch, spec.update),
      ] as const,
  );
  return memoryOf(model, parts, 0);
}

function memoryOf(model: Model, parts: readonly (readonly [string, Part])[], made: number): Memory {
  let steps = made;
  return {
    get steps() {
      return steps;
    },
    feeds(count) {
      if (model.context !== undefined && steps + count > model.context) {
        throw new ContextError(
          `${steps + count} tokens were given, expected at most ${model.context}, the context of this model: begin anew with fewer, or train with a longer context`,
        );
      }
      return Object.fromEntries(parts.map(([name, part]) => [`state.${name}`, part.feed()]));
    },
    update(results, count) {
      for (const [name, part] of parts) part.update(results[`after.${name}`], steps, count);
      steps += count;
    },
    reset() {
      steps = 0;
      for (const [, part] of parts) part.reset();
    },
    copy: () =>
      memoryOf(
        model,
        parts.map(([name, part]) => [name, part.copy()] as const),
        steps,
      ),
  };
}

function zeros(type: StateSpec["type"], shape: readonly number[]): TensorData {
  const size = shape.reduce((product, each) => product * each, 1);
  return type === "int32"
    ? { type, shape, data: new Int32Array(size) }
    : { type, shape, data: new Float32Array(size) };
}

const sized = ({ shape }: StateSpec, sizes: Readonly<Record<string, number>>) =>
  shape.map((size) => (typeof size === "number" ? size : sizes[size]));

function replacedPart(spec: StateSpec, batch: number, from?: TensorData): Part {
  const begin = () => zeros(spec.type, sized(spec, { batch }));
  let current = from ?? begin();
  return {
    feed: () => current,
    update: (result) => {
      current = result;
    },
    reset: () => {
      current = begin();
    },
    // Results are never changed, only replaced.
    copy: () => replacedPart(spec, batch, current),
  };
}

function grownPart(
  spec: StateSpec,
  batch: number,
  update: Exclude<StateSpec["update"], "replace">,
  from?: { readonly room: number; readonly data: Float32Array },
): Part {
  const { append: axis, ring = Number.POSITIVE_INFINITY } = update;
  invariant(spec.type === "float32", "what grows is float32");
  const roomFor = (steps: number) => Math.min(ring, Math.max(1, Math.ceil(steps / block)) * block);
  const shapeFor = (room: number) => sized(spec, { batch, past: room });
  const [outer, inner] = [shapeFor(1).slice(0, axis), shapeFor(1).slice(axis + 1)].map((sizes) =>
    sizes.reduce((product, size) => product * size, 1),
  );
  let room = from?.room ?? roomFor(0);
  let data = from?.data.slice() ?? new Float32Array(outer * room * inner);

  /** More room: each row moves to where it now begins. */
  function grow(to: number): void {
    const wider = new Float32Array(outer * to * inner);
    for (let row = 0; row < outer; row++) {
      wider.set(data.subarray(row * room * inner, (row + 1) * room * inner), row * to * inner);
    }
    data = wider;
    room = to;
  }

  return {
    feed: () => ({ type: "float32", shape: shapeFor(room), data }),
    update(result, at, steps) {
      invariant(result.type === "float32", "what is added is float32");
      if (roomFor(at + steps) > room) grow(roomFor(at + steps));
      // Where the ring comes round, two pieces; what it would overwrite at once is not written.
      let step = Math.max(0, steps - ring);
      while (step < steps) {
        const place = (at + step) % ring;
        const count = Math.min(steps - step, ring - place);
        for (let row = 0; row < outer; row++) {
          const from = (row * steps + step) * inner;
          data.set(result.data.subarray(from, from + count * inner), (row * room + place) * inner);
        }
        step += count;
      }
    },
    reset() {
      // Room that is not needed any more would be computed with at every step.
      room = roomFor(0);
      data = new Float32Array(outer * room * inner);
    },
    copy: () => grownPart(spec, batch, update, { room, data }),
  };
}
