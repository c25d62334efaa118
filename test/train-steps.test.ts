/** @file Training of whole notes: there is something to hear on the way. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { memoryPlatform } from "../src/platform/memory.ts";
import type { Platform } from "../src/platform/platform.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { train, trainSchema } from "../src/workflows/index.ts";
import { checkpointOf, curveOf, trainingPlatform, trainSmall } from "./defects/small-training.ts";
import { randomFiles, sha256 } from "./fixtures/memory-corpus.ts";
import { countingRuntime } from "./fixtures/playing.ts";

it("learns pitches, and writes samples of them", async () => {
  const { platform } = await trainingPlatform(randomFiles(6), { representation: "pitches" });
  const set = ["samples.every=1", "samples.seconds=3", "validation.every=2"];
  const { state, remarks, folder } = await trainSmall(platform, { steps: 4, set });
  expect(state).toBe("finished");
  expect(remarks).toEqual([]);
  for (const step of ["000002", "000004"]) {
    const { notes, duration } = readPerformance(
      await platform.store.read(`${folder}/samples/step-${step}.mid`),
    ).performance;
    expect(notes.count).toBeGreaterThan(0);
    expect(duration).toBeLessThanOrEqual(3.01);
  }
});

/** Songs and hymns of the corpus that comes with the examples. */
function ownCorpus(): Platform {
  const files = ["bourgeois", "brackett", "gruber", "mason", "traditional"].flatMap((name) => {
    const folder = `examples/corpus/midi/${name}`;
    return readdirSync(folder).map(
      (file) => [`in/${name}-${file}`, readFileSync(`${folder}/${file}`)] as const,
    );
  });
  const bytes = Object.fromEntries(files.map(([path, file]) => [path, new Uint8Array(file)]));
  return { ...memoryPlatform({ files: bytes, sha256 }), runtime: countingRuntime().runtime };
}

it.each([
  ["lstm", []],
  ["gru", ["model.name=gru"]],
] as const)("learns with the preset of small melodies, by %s, from MIDI", async (cell, chosen) => {
  const platform = ownCorpus();
  const options = trainSchema.parse({
    corpus: "in",
    preset: "music-rnn",
    set: [
      "model.config.hiddenSize=16",
      "model.config.embedding=12",
      "validation.every=15",
      "validation.events=1000",
      "training.averageDecay=0",
      "samples.every=0",
      ...chosen,
    ],
    batchSize: 4,
    window: 32,
    learningRate: 0.01,
    steps: 60,
    out: "run",
    threads: 1,
  });
  const { remarks } = await train(options, { platform, command: "rubato train" });
  expect(remarks).toContainEqual(expect.stringMatching(/^in is prepared as /));
  const { model, representation } = await checkpointOf(platform, "run");
  expect(representation.name).toBe("pitches");
  // What the preset says of the one cell holds of the other.
  expect(model).toMatchObject({
    name: cell,
    configuration: { layers: 2, hiddenSize: 16, embedding: 12, dropout: 0.3 },
  });
  const { vocabularySize } = openRepresentation("pitches");
  const losses = await curveOf(platform, "run", "validation/loss");
  // Who knows nothing is off by ln 2063 = 7.6 nats.
  expect(Math.min(...losses)).toBeLessThan(Math.log(vocabularySize) - 1.8);
  expect(losses[0]).toBeGreaterThan(Math.min(...losses) + 0.3);
});
