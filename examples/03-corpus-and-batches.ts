/**
 * @file From a folder of MIDI files to batches that a model trains on.
 *
 *   npx tsx examples/03-corpus-and-batches.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBatches, createPerformance, midiFromPerformance, openCorpus, writeMidi } from "rubato";
import { augmentationSchema } from "rubato/corpus";
import { nodePlatform } from "rubato/node";
import { prepare } from "rubato/workflows";

const folder = mkdtempSync(join(tmpdir(), "rubato-example-"));

// Ten little scales, each in its own key.
for (let key = 0; key < 10; key++) {
  const notes = [0, 2, 4, 5, 7, 9, 11, 12].map((step, i) => ({
    pitch: 55 + key + step,
    start: i * 0.3,
    end: i * 0.3 + 0.28,
    velocity: 70 + 4 * i,
  }));
  writeFileSync(
    join(folder, `scale-${"abcdefghij"[key]}.mid`),
    writeMidi(midiFromPerformance(createPerformance({ notes }))),
  );
}

const platform = nodePlatform();
const { report } = await prepare(platform, {
  source: folder,
  out: join(folder, "corpus"),
  split: 0.8,
  seed: 1,
});
console.log(
  `${report.totals.train?.pieces} pieces for training, ${report.totals.validation?.pieces} for validation`,
);

const corpus = await openCorpus(platform.store, join(folder, "corpus"));
const batches = createBatches(corpus, {
  split: "train",
  rows: 4,
  steps: 16,
  order: "shuffled",
  augmentation: augmentationSchema.parse({}),
  seed: 1,
});
for await (const batch of batches) {
  const targets = batch.mask.reduce((sum, each) => sum + each, 0);
  // Past the end of a piece a row is masked out.
  const length = batch.mask.subarray(0, batch.steps).indexOf(0);
  const row = batch.inputs.subarray(0, length < 0 ? batch.steps : length);
  const first = Array.from(row.subarray(0, 4), (token) => corpus.representation.describe(token));
  console.log(`${batch.rows} × ${batch.steps}, ${targets} targets; the first row begins ${first.join(" ")}`);
}

rmSync(folder, { recursive: true });
