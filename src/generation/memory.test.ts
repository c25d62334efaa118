/** @file Memory: what is replaced, what grows, and that nothing changes where there is no room. */
import { describe, expect, it } from "vitest";
import { openModel } from "../models/index.ts";
import type { NamedTensors, TensorData } from "../runtime/session.ts";
import { ContextError, createMemory, type Memory } from "./memory.ts";

const batch = 3;
const [heads, size, context] = [2, 2, 300];
const attentive = openModel("transformer", {
  vocabularySize: 5,
  layers: 1,
  features: heads * size,
  heads,
  context,
});
const ring = 150;
const local = openModel("transformer", {
  vocabularySize: 5,
  layers: 1,
  features: heads * size,
  heads,
  reach: ring,
});
const recurrent = openModel("gru", { vocabularySize: 5, layers: 1, hiddenSize: 4 });

/** A number that tells where in a cache it belongs. */
const mark = (row: number, head: number, step: number, feature: number) =>
  1 + feature + size * (step + 1000 * (head + heads * row));

function cacheOf(first: number, count: number): TensorData {
  const data = new Float32Array(batch * heads * count * size);
  for (const i of data.keys()) {
    const feature = i % size;
    const step = Math.floor(i / size) % count;
    const head = Math.floor(i / (size * count)) % heads;
    data[i] = mark(Math.floor(i / (size * count * heads)), head, first + step, feature);
  }
  return { type: "float32", shape: [batch, heads, count, size], data };
}

/** What a graph answers that has made `count` steps after `first` of them. */
const resultsOf = (first: number, count: number): NamedTensors => ({
  "after.position": {
    type: "int32",
    shape: [batch, 1],
    data: new Int32Array(batch).fill(first + count),
  },
  "after.blocks.0.keys": cacheOf(first, count),
  "after.blocks.0.values": cacheOf(first, count),
});

function expectFilled(memory: Memory, steps: number, room: number): void {
  const {
    "state.blocks.0.keys": keys,
    "state.blocks.0.values": values,
    "state.position": position,
  } = memory.feeds(0);
  expect(memory.steps).toBe(steps);
  expect(position).toEqual({ type: "int32", shape: [batch, 1], data: new Int32Array(batch).fill(steps) });
  for (const { shape, data } of [keys, values]) {
    expect(shape).toEqual([batch, heads, room, size]);
    const wanted = new Float32Array(batch * heads * room * size);
    for (const i of wanted.keys()) {
      const step = Math.floor(i / size) % room;
      const [head, row] = [Math.floor(i / (size * room)) % heads, Math.floor(i / (size * room * heads))];
      // The last step that went there, where places come round.
      const latest = step + Math.floor((steps - 1 - step) / room) * room;
      if (step < steps) wanted[i] = mark(row, head, latest, i % size);
    }
    expect(data).toEqual(wanted);
  }
}

describe("a memory that is replaced", () => {
  it("begins as zeros, becomes what it is given, and is zeros again", () => {
    const memory = createMemory(recurrent, batch);
    const zeros = { type: "float32", shape: [batch, 4], data: new Float32Array(batch * 4) } as const;
    expect(memory.feeds(0)).toEqual({ "state.layers.0.hidden": zeros });
    const next = { ...zeros, data: new Float32Array(batch * 4).fill(2) };
    memory.update({ "after.layers.0.hidden": next }, 5);
    expect(memory.feeds(0)).toEqual({ "state.layers.0.hidden": next });
    expect(memory.steps).toBe(5);
    memory.reset();
    expect(memory.feeds(0)).toEqual({ "state.layers.0.hidden": zeros });
    expect(memory.steps).toBe(0);
  });

  it("has no end", () => {
    const memory = createMemory(recurrent, batch);
    memory.update({ "after.layers.0.hidden": memory.feeds(0)["state.layers.0.hidden"] }, 1e9);
    expect(memory.steps).toBe(1e9);
  });
});

describe("a memory that grows", () => {
  it("begins with room for 128 steps", () => {
    expectFilled(createMemory(attentive, batch), 0, 128);
  });

  it("puts steps behind each other, one by one and several at a time, across the ends of its room", () => {
    const memory = createMemory(attentive, batch);
    let steps = 0;
    for (const [count, room] of [
      [1, 128],
      [3, 128],
      [124, 128],
      [1, 256],
      [127, 256],
      [40, 384],
    ]) {
      memory.update(resultsOf(steps, count), count);
      steps += count;
      expectFilled(memory, steps, room);
    }
  });

  it("grows by several blocks at once where it has to", () => {
    const memory = createMemory(attentive, batch);
    memory.update(resultsOf(0, 290), 290);
    expectFilled(memory, 290, 384);
  });

  it("forgets all, and gives back its room", () => {
    const memory = createMemory(attentive, batch);
    memory.update(resultsOf(0, 200), 200);
    memory.reset();
    expectFilled(memory, 0, 128);
    memory.update(resultsOf(0, 2), 2);
    expectFilled(memory, 2, 128);
  });

  it("refuses what lies beyond the model's context, and is left as it was", () => {
    const memory = createMemory(attentive, batch);
    memory.update(resultsOf(0, 250), 250);
    const attempt = () => memory.feeds(51);
    expect(attempt).toThrow(ContextError);
    expect(attempt).toThrow(
      "301 tokens were given, expected at most 300, the context of this model: begin anew with fewer, or train with a longer context",
    );
    expectFilled(memory, 250, 256);
    expect(memory.feeds(50)).toEqual(memory.feeds(0));
    memory.update(resultsOf(250, 50), 50);
    expectFilled(memory, 300, 384);
    expect(() => memory.feeds(1)).toThrow(ContextError);
  });
});

describe("a memory that comes round", () => {
  it("grows up to its ring and no further, and overwrites the oldest", () => {
    const memory = createMemory(local, batch);
    expectFilled(memory, 0, 128);
    let steps = 0;
    for (const [count, room] of [
      [1, 128],
      [127, 128],
      [1, ring],
      [20, ring],
      // Across the end of the ring, to its end, more than a whole turn, and one by one.
      [5, ring],
      [146, ring],
      [400, ring],
      [1, ring],
      [1, ring],
    ]) {
      memory.update(resultsOf(steps, count), count);
      steps += count;
      expectFilled(memory, steps, room);
    }
  });

  it("is filled at once by more than it holds", () => {
    const memory = createMemory(local, batch);
    memory.update(resultsOf(0, 1000), 1000);
    expectFilled(memory, 1000, ring);
    memory.reset();
    expectFilled(memory, 0, 128);
  });

  it("has no end, and is the same arrays from the first turn on", () => {
    const memory = createMemory(local, batch);
    memory.update(resultsOf(0, ring), ring);
    const { "state.blocks.0.keys": before } = memory.feeds(1);
    for (let steps = ring; steps < 1000; steps++) memory.update(resultsOf(steps, 1), 1);
    const { "state.blocks.0.keys": after } = memory.feeds(1e9);
    expect(after.data).toBe(before.data);
  });
});
