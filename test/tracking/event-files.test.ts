/** @file Event files before a judge that shares nothing with their writer, and a run that is killed and goes on. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/platform/memory-store.ts";
import { openTracker, type Tracker } from "../../src/tracking/index.ts";
import { decodeHparams, readEvents } from "./event-reader.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const first = "runs/a/events.out.tfevents.1700000000.rubato";

/** Events after the two that every file begins with. */
async function eventsOf(act: (tracker: Tracker) => void) {
  const store = memoryStore();
  const tracker = await openTracker(store, "runs/a", { step: 0, wallTime: () => 1.7e9 });
  act(tracker);
  await tracker.flush();
  return readEvents(await store.read(first)).slice(2);
}

describe("event files", () => {
  it("begin with their version, and with a session that forgets what comes after its step", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "runs/a", { step: 41, wallTime: () => 1_700_000_000.25 });
    await tracker.flush();
    expect(readEvents(await store.read(first))).toEqual([
      { wall_time: 1_700_000_000.25, step: 0, file_version: "brain.Event:2" },
      { wall_time: 1_700_000_000.25, step: 42, session_log: { status: "START" } },
    ]);
  });

  it("hold scalars of any step and value", async () => {
    const step = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const values = fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), fc.float(), {
      minKeys: 1,
      maxKeys: 5,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(step, values, async (at, scalars) => {
        const [event] = await eventsOf((tracker) => tracker.scalars(at, scalars));
        expect(event.step).toBe(at);
        const read = event.summary?.value.map(({ tag, simple_value }) => [tag, simple_value]);
        expect(read).toEqual(Object.entries(scalars));
      }),
      { numRuns: 50 },
    );
  });

  it("leave counters to metrics.jsonl", async () => {
    const events = await eventsOf((tracker) => {
      tracker.scalars(1, { "train/loss": 2 }, { tokens: 64, seconds: 1.5 });
      tracker.scalars(2, {}, { tokens: 128 });
    });
    expect(events.map(({ summary }) => summary?.value.map(({ tag }) => tag))).toEqual([["train/loss"]]);
  });

  it("hold histograms over TensorFlow's buckets", async () => {
    const values = Float32Array.of(-2, 0, 0, 0.5, 3, Number.NaN, Number.POSITIVE_INFINITY);
    const [event] = await eventsOf((tracker) => tracker.histograms(5, { "gradients/w": values }));
    const histo = event.summary?.value[0].histo;
    expect(histo).toMatchObject({ min: -2, max: 3, num: 5, sum: 1.5, sum_squares: 13.25 });
    const { bucket = [], bucket_limit: limit = [] } = histo ?? {};
    expect(bucket.length).toBe(limit.length);
    expect(bucket.reduce((sum, count) => sum + count, 0)).toBe(5);
    // Each counted number lies where it is counted, and zeros in the bucket that begins with zero.
    const holding = (value: number) => limit.findIndex((end) => end > value);
    expect([-2, 0, 0.5, 3].map((value) => bucket[holding(value)])).toEqual([1, 2, 1, 1]);
    expect(limit[holding(0)]).toBe(1e-12);
    expect(limit[holding(0) - 1]).toBe(0);
    expect(limit.at(-1)).toBe(Number.MAX_VALUE);
    expect(limit[holding(3)] / limit[holding(3) - 1]).toBeCloseTo(1.1, 9);
  });

  it("hold an empty histogram where there is nothing to count", async () => {
    const [event] = await eventsOf((tracker) => tracker.histograms(5, { w: Float32Array.of(Number.NaN) }));
    expect(event.summary?.value[0].histo).toEqual({
      min: 0,
      max: 0,
      num: 0,
      sum: 0,
      sum_squares: 0,
      bucket_limit: [Number.MAX_VALUE],
      bucket: [0],
    });
  });

  it("hold text for the text plug-in", async () => {
    const [event] = await eventsOf((tracker) => tracker.text(3, "samples/first", "**Ode** à la joie"));
    const [value] = event.summary?.value ?? [];
    expect(value).toMatchObject({
      tag: "samples/first",
      tensor: { dtype: "DT_STRING", tensor_shape: { dim: [] } },
      metadata: { plugin_data: { plugin_name: "text" }, data_class: "DATA_CLASS_TENSOR" },
    });
    expect(value.tensor?.string_val.map(decode)).toEqual(["**Ode** à la joie"]);
  });

  it("hold hyper-parameters for the HPARAMS tab, and how the run ended", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "runs/a", { step: 0, wallTime: () => 1.7e9 });
    tracker.hyperparameters({ model: "lstm", learningRate: 3e-4, ema: false, tied: true }, [
      "validation/loss",
    ]);
    await tracker.close("finished");
    const values = readEvents(await store.read(first)).flatMap(({ summary }) => summary?.value ?? []);
    expect(values.map(({ tag }) => tag)).toEqual([
      "_hparams_/experiment",
      "_hparams_/session_start_info",
      "_hparams_/session_end_info",
    ]);
    for (const { tensor, metadata } of values) {
      expect(metadata?.plugin_data.plugin_name).toBe("hparams");
      expect(tensor).toMatchObject({
        dtype: "DT_FLOAT",
        tensor_shape: { dim: [{ size: 1 }] },
        float_val: [0],
      });
    }
    const contents = values.map(({ metadata }) =>
      decodeHparams(metadata?.plugin_data.content ?? new Uint8Array()),
    );
    expect(contents).toEqual([
      {
        experiment: {
          time_created_secs: 1.7e9,
          hparam_infos: [
            { name: "model", type: "DATA_TYPE_STRING" },
            { name: "learningRate", type: "DATA_TYPE_FLOAT64" },
            { name: "ema", type: "DATA_TYPE_BOOL" },
            { name: "tied", type: "DATA_TYPE_BOOL" },
          ],
          metric_infos: [{ name: { tag: "validation/loss" } }],
        },
      },
      {
        session_start_info: {
          hparams: {
            model: { string_value: "lstm" },
            learningRate: { number_value: 3e-4 },
            ema: { bool_value: false },
            tied: { bool_value: true },
          },
          start_time_secs: 1.7e9,
        },
      },
      { session_end_info: { status: "STATUS_SUCCESS", end_time_secs: 1.7e9 } },
    ]);
  });

  it("are refused by the judge where a single bit is wrong", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "runs/a", { step: 0, wallTime: () => 1.7e9 });
    tracker.scalars(1, { "train/loss": 2 });
    await tracker.flush();
    const bytes = await store.read(first);
    for (let at = 0; at < bytes.length; at++) {
      const wrong = bytes.slice();
      wrong[at] ^= 1 << (at % 8);
      expect(() => readEvents(wrong), `byte ${at}`).toThrow(/checksum|bounds/);
    }
  });
});

describe("a run that goes on", () => {
  it("begins another event file, later in the order of names, whatever the clock says", async () => {
    const store = memoryStore();
    for (const wallTime of [1.7e9, 1.7e9, 1.6e9, 1.8e9]) {
      const tracker = await openTracker(store, "runs/a", { step: 10, wallTime: () => wallTime });
      await tracker.flush();
    }
    expect((await store.list("runs/a")).map(({ path }) => path)).toEqual(
      [1_700_000_000, 1_700_000_001, 1_700_000_002, 1_800_000_000].map(
        (seconds) => `events.out.tfevents.${seconds}.rubato`,
      ),
    );
  });

  it("drops what came after its checkpoint from metrics.jsonl, and the line that a kill has cut", async () => {
    const store = memoryStore();
    const killed = await openTracker(store, "runs/a", { step: 0, wallTime: () => 1.7e9 });
    for (const step of [100, 200, 300]) {
      killed.scalars(step, { "train/loss": 600 / step }, { tokens: 64 * step });
    }
    await killed.flush();
    await store.append("runs/a/metrics.jsonl", new TextEncoder().encode('{"step":400,"tok'));

    const resumed = await openTracker(store, "runs/a", { step: 200, wallTime: () => 1.7e9 });
    resumed.scalars(300, { "train/loss": 1.5 }, { tokens: 19_200 });
    await resumed.close("finished");
    expect(decode(await store.read("runs/a/metrics.jsonl"))).toBe(
      [
        '{"step":100,"tokens":6400,"train/loss":6}',
        '{"step":200,"tokens":12800,"train/loss":3}',
        '{"step":300,"tokens":19200,"train/loss":1.5}',
        '{"step":300,"state":"finished"}',
        "",
      ].join("\n"),
    );
  });
});
