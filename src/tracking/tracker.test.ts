/** @file What a tracker keeps when writing fails, and what it refuses. */
import { describe, expect, it } from "vitest";
import { memoryStore } from "../platform/memory-store.ts";
import { StorageError } from "../util/errors.ts";
import { TrackingError } from "./error.ts";
import { parseMetrics } from "./metrics.ts";
import { openTracker } from "./tracker.ts";

const path = "a/metrics.jsonl";
const wallTime = () => 1.7e9;
const read = async (store: ReturnType<typeof memoryStore>) =>
  parseMetrics(new TextDecoder().decode(await store.read(path)), path);

describe("openTracker", () => {
  it("writes nothing before it is asked", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "a", { step: 0, wallTime });
    tracker.scalars(1, { "train/loss": 1 });
    expect(await store.list("")).toEqual([]);
  });

  it("keeps what a full disk refused, and writes it once when there is room", async () => {
    const store = memoryStore();
    let full = "metrics.jsonl";
    const tracker = await openTracker(
      {
        ...store,
        async append(to, bytes) {
          if (full !== "" && to.includes(full)) throw new StorageError("found a full disk", to);
          await store.append(to, bytes);
        },
      },
      "a",
      { step: 0, wallTime },
    );
    tracker.scalars(1, { "train/loss": 1 });
    await expect(tracker.flush()).rejects.toThrow("full disk");
    full = "tfevents";
    tracker.scalars(2, { "train/loss": 2 });
    await expect(tracker.flush()).rejects.toThrow("full disk");
    full = "";
    tracker.scalars(3, { "train/loss": 3 });
    await tracker.flush();
    expect((await read(store)).map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it("writes in the order of the calls when flushes overlap", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "a", { step: 0, wallTime });
    const flushes = [1, 2, 3, 4].map((step) => {
      tracker.scalars(step, { "train/loss": step });
      return tracker.flush();
    });
    await Promise.all(flushes);
    expect((await read(store)).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });

  it("writes numbers that JSON does not know as null, which are read as NaN", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "a", { step: 0, wallTime });
    tracker.scalars(1, { "train/loss": Number.NaN, "train/gradient_norm": Number.POSITIVE_INFINITY });
    await tracker.flush();
    expect(await read(store)).toEqual([
      { step: 1, numbers: { "train/loss": Number.NaN, "train/gradient_norm": Number.NaN } },
    ]);
  });

  it("forgets how a run ended when it goes on, and all of it when it begins anew", async () => {
    const store = memoryStore();
    const tracker = await openTracker(store, "a", { step: 0, wallTime });
    tracker.scalars(5, { "train/loss": 1 });
    await tracker.close("interrupted");
    expect((await read(store)).at(-1)).toEqual({ step: 5, numbers: {}, state: "interrupted" });
    await openTracker(store, "a", { step: 5, wallTime });
    expect((await read(store)).map(({ state }) => state)).toEqual([undefined]);
    await openTracker(store, "a", { step: 0, wallTime });
    expect(await read(store)).toEqual([]);
  });

  it("loses no line of a file that it does not understand", async () => {
    const before = '{"step":1,"note":"kept"}\nhello\n{"step":3}\n';
    const store = memoryStore({ [path]: before });
    await expect(openTracker(store, "a", { step: 1, wallTime })).rejects.toThrow(
      new TrackingError(
        "found line 2 of a/metrics.jsonl that is no metrics, expected a JSON object with a step: remove the line",
        path,
      ),
    );
    expect(new TextDecoder().decode(await store.read(path))).toBe(before);
  });
});
