/** @file The interpreter as a runtime: what it computes, what it refuses, and that it goes on afterwards. */
import { describe, expect, it } from "vitest";
import {
  addition,
  float32,
  impossibleProduct,
  int64,
  runningSum,
  slow,
  unknownOperator,
} from "../../test/runtime/models.ts";
import { build } from "../graph/build.ts";
import { gather } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { createInterpreter } from "./interpreter.ts";
import { FeedError, type NamedTensors, RuntimeError, type TensorData } from "./session.ts";

const runtime = createInterpreter();
const ones = (count: number) => float32([count, 2], new Array<number>(2 * count).fill(1));

describe("a session of the interpreter", () => {
  it("knows inputs and outputs as the model names them", async () => {
    const { inputs, outputs } = await runtime.open(addition);
    expect({ inputs, outputs }).toEqual({ inputs: addition.graph.inputs, outputs: addition.graph.outputs });
  });

  it("computes with sizes that are the caller's, none included, and leaves feeds and results alone", async () => {
    const session = await runtime.open(addition);
    const before = await session.run({ left: ones(1), right: ones(1) });
    for (const count of [3, 0]) {
      const feeds = { left: ones(count), right: ones(count) };
      const { sum, same } = await session.run(feeds);
      expect(sum).toEqual(float32([count, 2], new Array<number>(2 * count).fill(2)));
      expect(same).toEqual(ones(count));
      expect(same.data).not.toBe(feeds.left.data);
      expect(feeds).toEqual({ left: ones(count), right: ones(count) });
    }
    expect(before).toEqual({ sum: float32([1, 2], [2, 2]), same: ones(1) });
  });

  it("follows a Scan from step to step", async () => {
    const session = await runtime.open(runningSum);
    const values = float32([2, 3], [1, 2, 3, 10, 20, 30]);
    const { sums, last } = await session.run({ start: float32([3], [0.5, 0, 0]), values });
    expect(sums).toEqual(float32([2, 3], [1.5, 2, 3, 11.5, 22, 33]));
    expect(last).toEqual(float32([3], [11.5, 22, 33]));
  });

  it("gives what is wanted, and nothing else", async () => {
    const session = await runtime.open(addition);
    const feeds = { left: ones(1), right: ones(1) };
    expect(await session.run(feeds, ["same"])).toEqual({ same: ones(1) });
    expect(await session.run(feeds, [])).toEqual({});
    await expect(session.run(feeds, ["product"])).rejects.toThrow(FeedError);
  });

  it.each<[string, NamedTensors, string]>([
    ["missing", { left: ones(1) }, 'nothing was fed to "right"'],
    ["unknown", { left: ones(1), right: ones(1), other: ones(1) }, '"other" was fed'],
    ["of another type", { left: ones(1), right: int64([1, 2], [1n, 2n]) }, '"right" was fed int64[1, 2]'],
    ["of sizes that disagree", { left: ones(1), right: ones(2) }, '"right" was fed float32[2, 2]'],
  ])("refuses feeds that are %s, and goes on", async (_, feeds, words) => {
    const session = await runtime.open(addition);
    const refusal = session.run(feeds);
    await expect(refusal).rejects.toThrow(FeedError);
    await expect(refusal).rejects.toThrow(words);
    expect(await session.run({ left: ones(1), right: ones(1) }, ["same"])).toEqual({ same: ones(1) });
  });

  it("says what fails while it runs, and goes on", async () => {
    const rows = input("rows", "float32", [2, 2]);
    const model = build({ outputs: { row: gather(rows, input("place", "int32", [])) } });
    const session = await runtime.open(model);
    const place = (index: number): TensorData => ({ type: "int32", shape: [], data: Int32Array.of(index) });
    const failure = session.run({ rows: ones(2), place: place(2) });
    await expect(failure).rejects.toThrow(RuntimeError);
    await expect(failure).rejects.toThrow("indices from -2 to 1 along axis 0 instead of 2");
    expect(await session.run({ rows: ones(2), place: place(1) })).toEqual({ row: float32([2], [1, 1]) });
  });

  it("is no more once it was disposed of, which may be done twice", async () => {
    const session = await runtime.open(addition);
    await session.dispose();
    await session.dispose();
    await expect(session.run({ left: ones(1), right: ones(1) })).rejects.toThrow(RuntimeError);
  });
});

describe("the interpreter", () => {
  it("has one provider", async () => {
    expect(runtime.providers).toEqual(["reference"]);
    await expect(runtime.open(addition, { provider: "cuda" })).rejects.toThrow(RuntimeError);
    await expect(runtime.open(addition, { provider: "reference" })).resolves.toBeDefined();
  });

  it.each([
    ["an operator that it does not have", unknownOperator, "Rubato"],
    ["a loop that it does not have", slow, "Loop"],
    ["sizes that do not fit", impossibleProduct, "inner sizes to agree"],
  ])("does not open a model with %s", async (_, model, words) => {
    const refusal = runtime.open(model);
    await expect(refusal).rejects.toThrow(RuntimeError);
    await expect(refusal).rejects.toThrow(words);
    await expect(refusal).rejects.toThrow(/^[^\n]+$/);
  });
});
