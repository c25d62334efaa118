/**
 * @file Which head for times is better on held-out melodies: nats per note, and how far steps and durations of generated
 * melodies are from held-out ones. A head of single numbers is no likelihood: it is read as the middle of a Laplace or a normal
 * distribution, whichever fits better, as wide as its errors on the train split, and cut into the same units of 10 ms.
 *
 *     npx rubato prepare ../shared/data/nottingham/MIDI/melody --representation melody --out /tmp/nottingham
 *     npx tsx bench/melody.ts /tmp/nottingham <run> [<run> …] [--melodies 20] [--notes 150] [--batches 40]
 */
import { parseArgs } from "node:util";
import { type Batch, createBatches, openCorpus } from "../src/corpus/index.ts";
import { bindParameters } from "../src/graph/bind.ts";
import { build } from "../src/graph/build.ts";
import { reshape } from "../src/graph/operators/index.ts";
import { input } from "../src/graph/tensor.ts";
import { openMetric } from "../src/metrics/index.ts";
import { tokenShape } from "../src/models/index.ts";
import type { Performance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { createMusicModel, playableOf } from "../src/workflows/generate/index.ts";
import { type FoundModel, findModel } from "../src/workflows/model/index.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    melodies: { type: "string", default: "20" },
    notes: { type: "string", default: "150" },
    batches: { type: "string", default: "40" },
  },
  allowPositionals: true,
});
const [folder, ...runs] = positionals;
if (folder === undefined || runs.length === 0) throw new Error("give a corpus and runs: see the top");
const platform = nodePlatform();
const corpus = await openCorpus(platform.store, folder);
const [rows, steps] = [16, 64];
const times = ["step", "duration"] as const;
const pitches = 128;
console.log(await describeMachine());

async function batchesOf(split: "train" | "validation"): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  const order = split === "train" ? "shuffled" : "fixed";
  for await (const batch of createBatches(corpus, { split, rows, steps, order, seed: 0 })) {
    batches.push(batch);
    if (split === "train" && batches.length >= Number(values.batches)) break;
  }
  return batches;
}
const batches = { train: await batchesOf("train"), validation: await batchesOf("validation") };

/** What came, with what the model said of it: its numbers as they are, and logits by token. */
interface Note {
  readonly targets: readonly number[];
  readonly predictions: Float32Array;
  readonly logits: readonly Float32Array[];
}

async function* foretold(
  { model, checkpoint }: FoundModel,
  split: keyof typeof batches,
): AsyncGenerator<Note> {
  const { outcome } = model;
  const { logits } = model.forward({ tokens: input("tokens", "int32", tokenShape(outcome, [rows, steps])) });
  const predictions = reshape(logits, [rows * steps, outcome.size]);
  const graph = build({ outputs: { predictions, logits: outcome.logits(predictions) } });
  const session = await platform.runtime.open(bindParameters(graph, checkpoint.parameters), { threads: 1 });
  for (const batch of batches[split]) {
    const shape = tokenShape(outcome, [rows, steps]);
    const results = await session.run({ tokens: { type: "int32", shape, data: batch.inputs } });
    const cut = (name: string, width: number, at: number) =>
      Float32Array.from(results[name].data.slice(at * width, (at + 1) * width), Number);
    for (let at = 0; at < rows * steps; at++) {
      if (batch.mask[at] === 0) continue;
      const all = cut("logits", model.vocabularySize, at);
      const byField = outcome.fieldSizes.map((size, field) => {
        const first = outcome.fieldSizes.slice(0, field).reduce((sum, each) => sum + each, 0);
        return all.subarray(first, first + size);
      });
      yield {
        targets: [...batch.targets.subarray(at * 3, at * 3 + 3)],
        predictions: cut("predictions", outcome.size, at),
        logits: byField,
      };
    }
  }
  await session.dispose();
}

/** −log softmax at a place. */
function crossEntropy(logits: Float32Array, target: number): number {
  const most = Math.max(...logits);
  return Math.log(logits.reduce((sum, each) => sum + Math.exp(each - most), 0)) + most - logits[target];
}

/** Cumulative, around 0, of width 1. */
const spreads = {
  Laplace: (x: number) => (x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2),
  normal: (x: number) => 0.5 * (1 + erf(x / Math.SQRT2)),
};

/** Abramowitz and Stegun 7.1.26: within 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

/** −log of what a unit has of a distribution; no less than rounding leaves. */
function natsOfUnit(
  spread: (x: number) => number,
  middle: number,
  width: number,
  unit: number,
  units: number,
) {
  const below = unit === 0 ? 0 : spread((unit - 0.5 - middle) / width);
  const above = unit === units - 1 ? 1 : spread((unit + 0.5 - middle) / width);
  return -Math.log(Math.max(1e-9, above - below));
}

async function natsOf(found: FoundModel): Promise<readonly (readonly [string, string])[]> {
  const isPoint = found.model.outcome.unit === "loss";
  const units = found.model.outcome.fieldSizes[0];
  const middleOf = (note: Note, time: number) => note.predictions[pitches + time] * 100;
  const targetOf = ({ targets }: Note, time: number) => targets[time === 0 ? 0 : 2];
  const widths = { Laplace: [0, 0], normal: [0, 0] };
  if (isPoint) {
    let count = 0;
    for await (const note of foretold(found, "train")) {
      count++;
      for (const time of [0, 1]) {
        const error = Math.abs(targetOf(note, time) - middleOf(note, time));
        widths.Laplace[time] += error;
        widths.normal[time] += error * error;
      }
    }
    widths.Laplace = widths.Laplace.map((sum) => sum / count);
    widths.normal = widths.normal.map((sum) => Math.sqrt(sum / count));
  }
  let count = 0;
  let pitch = 0;
  const sums = { Laplace: [0, 0], normal: [0, 0] };
  for await (const note of foretold(found, "validation")) {
    count++;
    pitch += crossEntropy(note.logits[1], note.targets[1]);
    for (const time of [0, 1]) {
      const target = targetOf(note, time);
      for (const name of ["Laplace", "normal"] as const) {
        sums[name][time] += isPoint
          ? natsOfUnit(spreads[name], middleOf(note, time), widths[name][time], target, units)
          : crossEntropy(note.logits[time === 0 ? 0 : 2], target);
      }
    }
  }
  const best = times.map((_, time) => Math.min(sums.Laplace[time], sums.normal[time]) / count);
  return [
    ["pitch", (pitch / count).toFixed(3)],
    ...times.map((name, time) => [name, best[time].toFixed(3)] as const),
    ["all", (pitch / count + best[0] + best[1]).toFixed(3)],
    ["notes", String(count)],
  ];
}

const notes = Number(values.notes);
const melodies = Number(values.melodies);
const { representation } = corpus;

async function realMelodies(split: "train" | "validation"): Promise<readonly Performance[]> {
  const found: Performance[] = [];
  for await (const batch of createBatches(corpus, {
    split,
    rows: 1,
    steps: notes,
    order: "shuffled",
    seed: 1,
  })) {
    const length = batch.mask.reduce((sum, each) => sum + each, 0);
    if (length > notes / 2) found.push(representation.decode(batch.targets.subarray(0, 3 * length)));
    if (found.length === melodies) break;
  }
  return found;
}

const real = await realMelodies("validation");
function distances(made: readonly Performance[]): readonly (readonly [string, string])[] {
  return ["inter-onset", "duration"].map((name) => {
    const metric = openMetric(name);
    const gather = (set: readonly Performance[]) => metric.gather(set.map((each) => metric.describe(each)));
    return [`${name}, bits`, metric.distance(gather(made), gather(real)).toFixed(4)];
  });
}

const table: Record<string, Record<string, string>> = {
  "train split": Object.fromEntries(distances(await realMelodies("train"))),
};
for (const run of runs) {
  const found = await findModel(platform, run);
  const player = createMusicModel(platform.runtime, playableOf(found));
  const made: Performance[] = [];
  for (let index = 0; index < melodies; index++) {
    made.push(await player.perform({ notes, index, temperature: 1, longestRest: 0, mostTurns: 0 }));
  }
  table[run.split("/").slice(-1)[0]] = Object.fromEntries([...(await natsOf(found)), ...distances(made)]);
}
console.table(table);
