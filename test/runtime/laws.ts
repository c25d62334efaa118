/** @file The laws of a runtime: what each promises, whatever executes its graphs. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../src/onnx/model.ts";
import {
  FeedError,
  type NamedTensors,
  type Runtime,
  RuntimeError,
  type Session,
  type SessionOptions,
} from "../../src/runtime/session.ts";
import {
  addition,
  echo,
  elementTypes,
  float32,
  impossibleProduct,
  int64,
  product,
  reshape,
  runningSum,
  slow,
  unknownOperator,
} from "./models.ts";

/** A browser takes long to begin and to end where others want the processor, too. In milliseconds. */
const patience = 60_000;

interface Subject {
  readonly runtime: Runtime;
  close?(): Promise<void>;
}

const rows = (count: number, start = 0) =>
  float32(
    [count, 2],
    Array.from({ length: 2 * count }, (_, i) => start + i),
  );

/** Runs the laws over what `start` gives, with sessions opened with `options`. */
export function describeRuntime(name: string, start: () => Promise<Subject>, options: SessionOptions): void {
  describe(name, () => {
    let subject: Subject;
    const sessions = new Map<Model, Promise<Session>>();

    /** One session per model serves all tests: opening is slow in a browser. */
    function open(model: Model): Promise<Session> {
      const session = sessions.get(model) ?? subject.runtime.open(model, options);
      sessions.set(model, session);
      return session;
    }

    beforeAll(async () => {
      subject = await start();
    }, patience);
    afterAll(async () => {
      for (const session of sessions.values()) await (await session).dispose();
      await subject?.close?.();
    }, patience);

    describe("the numbers", () => {
      it("are computed for every size that a name stands for", async () => {
        const session = await open(addition);
        for (const count of [1, 5, 2]) {
          const { sum, same } = await session.run({ left: rows(count), right: rows(count, 100) });
          const expected = Array.from({ length: 2 * count }, (_, i) => 100 + 2 * i);
          expect(sum).toEqual(float32([count, 2], expected));
          expect(same).toEqual(rows(count));
        }
      });

      it("of a product are its sums", async () => {
        const session = await open(product);
        const sizes = fc.tuple(...[6, 6, 6].map((max) => fc.integer({ min: 1, max })), fc.integer());
        await fc.assert(
          fc.asyncProperty(sizes, async ([height, inner, width, seed]) => {
            // Small whole numbers: their sums are exact in whatever order they are added.
            const entry = (i: number) => ((seed % 1000) * 31 + i * 17) % 9;
            const left = Array.from({ length: height * inner }, (_, i) => entry(i));
            const right = Array.from({ length: inner * width }, (_, i) => entry(i + 5));
            const expected = Array.from({ length: height * width }, (_, i) => {
              const [row, column] = [Math.floor(i / width), i % width];
              let sum = 0;
              for (let k = 0; k < inner; k++) sum += left[row * inner + k] * right[k * width + column];
              return sum;
            });
            const results = await session.run({
              left: float32([height, inner], left),
              right: float32([inner, width], right),
            });
            expect(results).toEqual({ product: float32([height, width], expected) });
          }),
          { numRuns: 15 },
        );
      });

      it("of a Scan follow from step to step", async () => {
        const session = await open(runningSum);
        const values = float32([4, 3], [1, 2, 3, 10, 20, 30, 100, 200, 300, 0, 0, 1]);
        const { sums, last } = await session.run({ start: float32([3], [0.5, 0, 0]), values });
        expect(sums).toEqual(float32([4, 3], [1.5, 2, 3, 11.5, 22, 33, 111.5, 222, 333, 111.5, 222, 334]));
        expect(last).toEqual(float32([3], [111.5, 222, 334]));
      });

      it("come back bit by bit in every element type", async () => {
        const session = await open(echo);
        const feeds = everyType(3);
        expect(await session.run(feeds)).toEqual(renamed(feeds));
      });

      it("may be none", async () => {
        const session = await open(echo);
        const feeds = everyType(0);
        expect(await session.run(feeds)).toEqual(renamed(feeds));
      });

      it("may be read from part of a buffer, or from shared memory", async () => {
        const session = await open(addition);
        const whole = Float32Array.of(9, 9, 9, 1, 2, 9);
        const shared = new Float32Array(new SharedArrayBuffer(8));
        shared.set([10, 20]);
        const { sum } = await session.run({
          left: { type: "float32", shape: [1, 2], data: whole.subarray(3, 5) },
          right: { type: "float32", shape: [1, 2], data: shared },
        });
        expect(sum).toEqual(float32([1, 2], [11, 22]));
        expect([...whole, ...shared]).toEqual([9, 9, 9, 1, 2, 9, 10, 20]);
      });
    });

    describe("runs", () => {
      it("leave what is fed as it was, and may be fed it again", async () => {
        const session = await open(addition);
        const feeds = { left: rows(3), right: rows(3, 7) };
        const first = await session.run(feeds);
        expect(feeds).toEqual({ left: rows(3), right: rows(3, 7) });
        expect(await session.run(feeds)).toEqual(first);
      });

      it("leave the results of earlier ones alone", async () => {
        const session = await open(addition);
        const before = await session.run({ left: rows(1), right: rows(1) });
        await session.run({ left: rows(1, 50), right: rows(1, 50) });
        expect(before).toEqual({ sum: float32([1, 2], [0, 2]), same: rows(1) });
      });

      it("asked for at once are done one after another, each with its own numbers", async () => {
        const session = await open(slow);
        const finished: number[] = [];
        const run = async (repeats: number, one: number) => {
          const feeds = { repeats: int64([], [BigInt(repeats)]), one: float32([], [one]) };
          const { result } = await session.run(feeds);
          finished.push(one);
          expect(result).toEqual(float32([96, 96], new Array(96 * 96).fill(96 * one * one)));
        };
        await Promise.all([run(40, 1), run(1, 2), run(10, 3), run(1, 4)]);
        expect(finished).toEqual([1, 2, 3, 4]);
      });

      it("give the outputs that are wanted, and no others", async () => {
        const session = await open(addition);
        const feeds = { left: rows(1), right: rows(1) };
        expect(Object.keys(await session.run(feeds, ["same"]))).toEqual(["same"]);
        expect(Object.keys(await session.run(feeds, ["same", "sum", "same"])).sort()).toEqual([
          "same",
          "sum",
        ]);
        expect(await session.run(feeds, [])).toEqual({});
      });

      it("of two sessions do not meet", async () => {
        const [sums, products] = [await open(addition), await open(product)];
        const [{ sum }, { product: multiplied }] = await Promise.all([
          sums.run({ left: rows(1), right: rows(1, 1) }),
          products.run({ left: rows(1, 1), right: rows(2) }),
        ]);
        expect(sum).toEqual(float32([1, 2], [1, 3]));
        expect(multiplied).toEqual(float32([1, 2], [4, 7]));
      });
    });

    describe("feeds", () => {
      it.each<[string, NamedTensors, RegExp]>([
        ["missing", { left: rows(1) }, /nothing was fed to "right"/],
        ["unknown", { left: rows(1), right: rows(1), other: rows(1) }, /"other" was fed/],
        [
          "of another type",
          { left: rows(1), right: int64([1, 2], [1n, 2n]) },
          /"right" was fed int64\[1, 2\]/,
        ],
        [
          "of another shape",
          { left: float32([1, 3], [1, 2, 3]), right: rows(1) },
          /expected float32\[rows, 2\]/,
        ],
        ["of sizes that disagree", { left: rows(1), right: rows(2) }, /"right" was fed float32\[2, 2\]/],
        ["with too few numbers", { left: rows(1), right: float32([1, 2], [1]) }, /of 1 numbers/],
      ])("that are %s are refused, and the session stays usable", async (_, feeds, words) => {
        const session = await open(addition);
        const refusal = session.run(feeds);
        await expect(refusal).rejects.toThrow(FeedError);
        await expect(refusal).rejects.toThrow(words);
        const { sum } = await session.run({ left: rows(1), right: rows(1) });
        expect(sum).toEqual(float32([1, 2], [0, 2]));
      });

      it("are refused where an unknown output is wanted", async () => {
        const session = await open(addition);
        const refusal = session.run({ left: rows(1), right: rows(1) }, ["product"]);
        await expect(refusal).rejects.toThrow(FeedError);
        await expect(refusal).rejects.toThrow("expected one of sum, same");
      });
    });

    describe("failure", () => {
      it("of a run is a RuntimeError of one line, and the session stays usable", async () => {
        const session = await open(reshape);
        const values = float32([4], [1, 2, 3, 4]);
        const failure = session.run({ values, size: int64([1], [3n]) });
        await expect(failure).rejects.toThrow(RuntimeError);
        await expect(failure).rejects.toThrow(/^[^\n]+$/);
        expect(await session.run({ values, size: int64([1], [4n]) })).toEqual({ reshaped: values });
      });

      it.each([
        ["an unknown operator", unknownOperator, "Rubato"],
        ["an impossible shape", impossibleProduct, "model"],
      ])("to open a model is one, too: %s", async (_, model, words) => {
        const refusal = subject.runtime.open(model, options);
        await expect(refusal).rejects.toThrow(RuntimeError);
        await expect(refusal).rejects.toThrow(words);
        await expect(refusal).rejects.toThrow(/^[^\n]+$/);
      });

      it("to find a provider is one, too", async () => {
        const { providers } = subject.runtime;
        const absent = ["abacus", "cpu", "cuda", "wasm", "webgpu"].filter(
          (name) => !providers.includes(name),
        );
        for (const provider of absent) {
          const refusal = subject.runtime.open(addition, { provider });
          await expect(refusal).rejects.toThrow(RuntimeError);
          await expect(refusal).rejects.toThrow(`"${provider}"`);
          await expect(refusal).rejects.toThrow(providers[0]);
        }
      });
    });

    describe("disposing", () => {
      it("waits for the runs that were asked for, refuses later ones, and may be repeated", async () => {
        const session = await subject.runtime.open(addition, options);
        const feeds = { left: rows(1), right: rows(1) };
        const run = session.run(feeds);
        await session.dispose();
        const { sum } = await run;
        expect(sum).toEqual(float32([1, 2], [0, 2]));
        const refusal = session.run(feeds);
        await expect(refusal).rejects.toThrow(RuntimeError);
        await expect(refusal).rejects.toThrow("disposed of");
        await session.dispose();
      });
    });

    it("knows inputs and outputs as the model names them", async () => {
      const { inputs, outputs } = await open(addition);
      expect({ inputs, outputs }).toEqual({
        inputs: addition.graph.inputs,
        outputs: addition.graph.outputs,
      });
    });

    it.each(["disabled", "basic", "extended", "all"] as const)(
      "computes the same at optimisation level %s",
      async (optimisation) => {
        const session = await subject.runtime.open(runningSum, { ...options, optimisation });
        const values = float32([2, 3], [1, 2, 3, 10, 20, 30]);
        const { sums } = await session.run({ start: float32([3], [0, 0, 0]), values });
        expect(sums).toEqual(float32([2, 3], [1, 2, 3, 11, 22, 33]));
        await session.dispose();
      },
    );
  });
}

/** `count` numbers of each type, among them the outermost ones. */
function everyType(count: number): NamedTensors {
  const shape = [count];
  const feeds: NamedTensors = {
    float32: { type: "float32", shape, data: Float32Array.of(-0, 3.4e38, 1e-45).slice(0, count) },
    float64: { type: "float64", shape, data: Float64Array.of(Math.PI, -1e308, 5e-324).slice(0, count) },
    float16: { type: "float16", shape, data: Uint16Array.of(0x3c00, 0x7bff, 0x8001).slice(0, count) },
    int8: { type: "int8", shape, data: Int8Array.of(-128, 127, -1).slice(0, count) },
    uint8: { type: "uint8", shape, data: Uint8Array.of(0, 255, 128).slice(0, count) },
    int32: { type: "int32", shape, data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 7).slice(0, count) },
    int64: { type: "int64", shape, data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 5n).slice(0, count) },
    bool: { type: "bool", shape, data: Uint8Array.of(1, 0, 1).slice(0, count) },
  };
  expect(Object.keys(feeds)).toEqual([...elementTypes]);
  return feeds;
}

/** What the graph that echoes calls them. */
function renamed(feeds: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [`same ${name}`, tensor]));
}
