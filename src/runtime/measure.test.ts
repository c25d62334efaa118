import { expect, it } from "vitest";
import { createNodeRuntime } from "../platform/node/onnxruntime/runtime.ts";
import { measureProduct } from "./measure.ts";

/** A clock by which the runs, one after another, last so long. */
function clock(durations: readonly number[]): () => number {
  const readings = durations.flatMap((duration) => [0, duration]);
  let time = 0;
  let reading = 0;
  return () => {
    time += readings[reading++ % readings.length];
    return time;
  };
}

it("repeats the product until a run is long, and divides by the median of the runs after that", async () => {
  // 1, 2 and 4 repeats; then five runs of 4.
  const now = clock([30, 60, 120, 200, 100, 300, 250, 150]);
  const speed = await measureProduct(createNodeRuntime(), { rows: 3, inner: 5, columns: 7, threads: 1, now });
  expect(speed).toBeCloseTo((2 * 3 * 5 * 7 * 4) / 0.2 / 1e9, 12);
});
