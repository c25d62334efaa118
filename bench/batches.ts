/**
 * @file How fast a corpus becomes batches, how much memory a whole pass takes, and how much of the batches is empty.
 *
 *   npm run build && npx tsx bench/batches.ts corpora/maestro-v3.0.0
 *
 * Each measurement is a pass over the training split in a process of its own. "Growth" is the largest resident set of
 * the pass less that at its first batch: what piles up on the way.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { controlsFor } from "rubato/controls";
import { augmentationSchema, type BatchOptions, createBatches, openCorpus } from "rubato/corpus";
import { nodePlatform } from "rubato/node";
import { describeMachine } from "./machine.ts";

interface Job {
  readonly order: BatchOptions["order"];
  readonly rows: number;
  readonly steps: number;
  readonly augmented: boolean;
  readonly controlled: boolean;
}

interface Measured {
  readonly batches: number;
  readonly predictions: number;
  readonly positions: number;
  readonly seconds: number;
  /** Milliseconds until the first batch. */
  readonly first: number;
  /** MB. */
  readonly peak: number;
  readonly growth: number;
}

const jobs: readonly Job[] = (["fixed", "shuffled", "carried"] as const).flatMap((order) =>
  [
    { rows: 64, steps: 200 },
    { rows: 16, steps: 1024 },
  ].flatMap((shape) =>
    [
      { augmented: false, controlled: false },
      { augmented: true, controlled: false },
      { augmented: true, controlled: true },
    ].map((extras) => ({ order, ...shape, ...extras })),
  ),
);

async function measure(path: string, { order, rows, steps, augmented, controlled }: Job): Promise<Measured> {
  const corpus = await openCorpus(nodePlatform().store, path);
  const controls = controlled
    ? controlsFor(corpus.representation, ["note-density", "pitch-class-histogram"])
    : [];
  const augmentation = augmented ? { augmentation: augmentationSchema.parse({}) } : {};
  let [batches, predictions, first, atFirst, peak] = [0, 0, 0, 0, 0];
  const began = performance.now();
  for await (const batch of createBatches(corpus, {
    ...{ split: "train", order, rows, steps, controls, seed: 1 },
    ...augmentation,
  })) {
    for (const each of batch.mask) predictions += each;
    peak = Math.max(peak, process.memoryUsage.rss());
    if (batches++ === 0) {
      first = performance.now() - began;
      atFirst = peak;
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const positions = batches * rows * steps;
  return {
    batches,
    predictions,
    positions,
    seconds,
    first,
    peak: peak / 1e6,
    growth: (peak - atFirst) / 1e6,
  };
}

const [path = "corpora/maestro-v3.0.0", job] = process.argv.slice(2);
if (job !== undefined) process.stdout.write(JSON.stringify(await measure(path, jobs[Number(job)])));
else {
  console.log(`${describeMachine()}; ${path}\n`);
  console.log(
    "| order | rows × steps | augmented | controls | Mtokens/s | empty, % | first batch, ms | peak, MB | growth, MB |",
  );
  console.log("|---|--:|---|---|--:|--:|--:|--:|--:|");
  for (const [index, { order, rows, steps, augmented, controlled }] of jobs.entries()) {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), path, String(index)];
    const measured: Measured = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
    const { predictions, positions, seconds, first, peak, growth } = measured;
    const cells = [
      order,
      `${rows} × ${steps}`,
      augmented ? "yes" : "",
      controlled ? "yes" : "",
      (predictions / seconds / 1e6).toFixed(1),
      (100 * (1 - predictions / positions)).toFixed(2),
      first.toFixed(0),
      peak.toFixed(0),
      growth.toFixed(0),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
