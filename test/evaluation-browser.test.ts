/** @file Two thousand events of a tune are as likely in a browser, on WebAssembly, as in Node. */
import { afterAll, expect, it } from "vitest";
import type { Batch } from "../src/corpus/index.ts";
import { type Likelihood, openLikelihood } from "../src/evaluation/index.ts";
import { initialParameters, type Model, openModel } from "../src/models/index.ts";
import { createPerformance, notesOf } from "../src/music/index.ts";
import { openDirect } from "../src/platform/node/onnxruntime/direct.ts";
import { openRepresentation } from "../src/representations/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { createRandom } from "../src/util/random.ts";
import { preludeInC } from "./music/tunes.ts";
import { describeInBrowser, openBrowserRuntime } from "./runtime/browser-page.ts";

const steps = 2000;
const representation = openRepresentation("performance");
const { vocabularySize } = representation;
const node: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };

/** The prelude, over and over until there are enough events, a semitone higher every time. */
function batchOfPrelude(): Batch {
  const notes = Array.from({ length: 5 }, (_, time) =>
    Array.from(notesOf(preludeInC), (note) => ({
      ...note,
      pitch: note.pitch + time,
      start: note.start + time * preludeInC.duration,
      end: note.end + time * preludeInC.duration,
    })),
  ).flat();
  const tokens = representation.encode(createPerformance({ notes }));
  expect(tokens.length).toBeGreaterThan(steps);
  return {
    rows: 1,
    steps,
    fields: 1,
    controlSize: 0,
    inputs: tokens.slice(0, steps),
    targets: tokens.slice(1, steps + 1),
    controls: new Float32Array(),
    mask: new Float32Array(steps).fill(1),
    continues: new Uint8Array(1),
  };
}

async function measure(runtime: Runtime, model: Model, batch: Batch): Promise<Likelihood> {
  const random = createRandom("wasm");
  // Far enough from where training begins that the model says something of its own.
  const parameters = Object.fromEntries(
    Object.entries(initialParameters(model, 1)).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value + random.next() - 0.5) },
    ]),
  );
  const likelihood = await openLikelihood(runtime, model, { rows: 1, steps, threads: 1 });
  try {
    return await likelihood.run(parameters, batch);
  } finally {
    await likelihood.dispose();
  }
}

/** Milliseconds: a browser on a machine that is busy otherwise takes its time. */
const timeout = 180_000;

describeInBrowser("two thousand events of a prelude", async () => {
  const page = await openBrowserRuntime();
  afterAll(() => page.close());

  it.each([
    ["transformer", { layers: 2, features: 64, heads: 2 }],
    ["transformer", { layers: 2, features: 64, heads: 2, reach: 128 }],
    ["lstm", { layers: 2, hiddenSize: 64 }],
  ])(
    "are as likely under a %s %j on WebAssembly as in Node",
    async (name, config) => {
      const model = openModel(name, { vocabularySize, ...config });
      const batch = batchOfPrelude();
      const here = await measure(node, model, batch);
      expect(here.events).toBe(steps);
      // Not a model to which all events are alike.
      expect(Math.abs(here.nats / steps - Math.log(vocabularySize))).toBeGreaterThan(0.05);
      const there = await measure(page.runtime, model, batch);
      expect(there.events).toBe(steps);
      expect(Math.abs(there.nats - here.nats) / steps).toBeLessThan(1e-4);
      // Where two events are as likely, rounding may choose another one.
      expect(Math.abs(there.correct - here.correct)).toBeLessThanOrEqual(2);
    },
    timeout,
  );
});
