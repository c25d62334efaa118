/** @file Performance RNN's published configurations: their sizes, and each of them from MIDI files to music. */
import { beforeAll, describe, expect, it } from "vitest";
import { openConditioning } from "../src/controls/index.ts";
import { openModel } from "../src/models/index.ts";
import { performanceOfChord } from "../src/music/primer.ts";
import type { Platform } from "../src/platform/platform.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { createMusicModel, playableOf } from "../src/workflows/generate/index.ts";
import { findModel } from "../src/workflows/model/index.ts";
import { type Configuration, type TrainInput, train, trainSchema } from "../src/workflows/train/index.ts";
import { presetLayer, readLayers } from "../src/workflows/train/layers.ts";
import { type PublishedName, published } from "../src/workflows/train/published.ts";
import { curveOf, trainingPlatform } from "./defects/small-training.ts";
import { randomFiles } from "./fixtures/memory-corpus.ts";
import { countShapes } from "./suites/model-cases.ts";

/** By SYSTEMS.md, row 21; compact is another way to store the same. */
const sizes: Readonly<Record<PublishedName, number>> = {
  performance: 6_160_740,
  performance_with_dynamics: 6_242_692,
  performance_with_dynamics_compact: 6_242_692,
  performance_with_dynamics_and_modulo_encoding: 5_480_836,
  performance_with_dynamics_and_note_encoding: 6_055_739,
  density_conditioned_performance_with_dynamics: 6_259_076,
  pitch_conditioned_performance_with_dynamics: 6_267_268,
  multiconditioned_performance_with_dynamics: 6_283_652,
  optional_multiconditioned_performance_with_dynamics: 6_285_700,
};
const all = Object.entries(published);

it.each(all)("%s has the parameters that were published", (name, { representation, configuration }) => {
  const { model, controls }: Configuration = readLayers([presetLayer(name, configuration)]);
  const { vocabularySize, ...music } = openRepresentation(representation.name, representation.config);
  const conditioning = openConditioning({ ...music, vocabularySize }, controls.names, controls.flags);
  const opened = openModel(model.name, { ...model.config, vocabularySize, controls: conditioning.size });
  expect({ name, size: countShapes(opened) }).toEqual({
    name,
    size: new Map(Object.entries(sizes)).get(name),
  });
});

let platform: Platform;
beforeAll(async () => {
  ({ platform } = await trainingPlatform(randomFiles(6)));
});

const learn = (config: string, input: TrainInput = {}) => {
  const set = [
    "model.config.hiddenSize=16",
    "model.config.layers=1",
    "validation.every=10",
    "samples.every=4",
    "samples.seconds=2",
    "validation.patience=0",
  ];
  const options = {
    corpus: "in",
    config,
    out: `runs/${config}`,
    batchSize: 4,
    window: 16,
    steps: 40,
    ...input,
  };
  const parsed = trainSchema.parse({
    ...options,
    learningRate: 0.01,
    threads: 1,
    set: [...set, ...(input.set ?? [])],
  });
  return train(parsed, { platform, command: `rubato train in --config ${config}` });
};

describe.each(all)("%s", (name, { representation }) => {
  it("learns from MIDI files, which are prepared as it needs them", async () => {
    const { state } = await learn(name);
    expect(state).toBe("finished");
    const found = await findModel(platform, `runs/${name}`);
    expect(found.representation).toMatchObject(representation);
    const curve = await curveOf(platform, `runs/${name}`, "validation/loss");
    // From about the logarithm of all there is to about what music by chance leaves.
    expect(curve.length).toBeGreaterThan(2);
    expect(curve[curve.length - 1]).toBeLessThan(0.95 * curve[0]);
  });

  it("plays: a beginning, a length in each unit, and what goes on from a chord", async () => {
    const model = createMusicModel(platform.runtime, playableOf(await findModel(platform, `runs/${name}`)));
    const notes = await model.perform({ notes: 12, seed: 1 });
    expect(notes.notes.count).toBe(12);
    expect(await model.perform({ notes: 12, seed: 1 })).toEqual(notes);
    expect(await model.perform({ notes: 12, seed: 1, temperature: 3 })).not.toEqual(notes);
    const seconds = await model.perform({ seconds: 4, seed: 2 });
    expect(seconds.duration).toBeLessThanOrEqual(4.001);
    expect(seconds.notes.count).toBeGreaterThan(0);
    expect((await model.perform({ events: 60, seed: 3 })).notes.count).toBeGreaterThan(5);
    expect((await model.perform({ notes: 3, precision: "int8" })).notes.count).toBe(3);
    const primer = performanceOfChord([60, 64, 67]);
    const continued = await model.perform({ primer, notes: 8, seed: 4 });
    expect(Array.from(continued.notes.pitch).slice(0, 3)).toEqual([60, 64, 67]);
  });
});

it("the file of a run alone prepares the same from the same MIDI files", async () => {
  const config = "runs/performance/config.yaml";
  await train(trainSchema.parse({ config, out: "runs/again", steps: 1, threads: 1 }), {
    platform,
    command: `rubato train --config ${config}`,
  });
  const { representation } = await findModel(platform, "runs/again");
  expect(representation).toMatchObject(published.performance.representation);
});

describe("what does not go together is refused in one sentence", () => {
  it("a name that is none", async () => {
    await expect(learn("performance_with_dynamic")).rejects.toThrow(
      /^found --config "performance_with_dynamic", expected a YAML file, or a published configuration: .*; did you mean "performance_with_dynamics"\?$/,
    );
  });

  it("a corpus of another vocabulary", async () => {
    await expect(learn("performance", { corpus: "corpus", out: "runs/other" })).rejects.toThrow(
      "found a corpus of `performance` with 388 classes in corpus, expected `performance` with 356 classes: train on the MIDI files themselves, or prepare them with --representation performance --set velocityBins=0",
    );
    await expect(
      learn("performance_with_dynamics_and_note_encoding", { corpus: "corpus", out: "runs/other" }),
    ).rejects.toThrow("expected `note-tuple` with 13 + 77 + 128 + 32 + 25 + 40 classes");
  });
});
