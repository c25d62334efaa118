/** @file What is wrong with HarmonyRL as published, and cannot happen here. Numbers are those of SYSTEMS 2.5. */
import { describe, expect, it } from "vitest";
import { createBatches } from "../../src/corpus/index.ts";
import { openProcessors } from "../../src/generation/index.ts";
import { Past } from "../../src/generation/past.ts";
import { exportForward, openModel } from "../../src/models/index.ts";
import { createPerformance, notesOf } from "../../src/music/index.ts";
import { globalNorm, openOptimiser } from "../../src/optim/index.ts";
import { openDirect } from "../../src/platform/node/index.ts";
import type { Progress } from "../../src/platform/platform.ts";
import { openRepresentation } from "../../src/representations/index.ts";
import { openTrainer } from "../../src/training/index.ts";
import type { Parameters } from "../../src/util/parameters.ts";
import { generate, generateSchema, train, trainSchema } from "../../src/workflows/index.ts";
import { presets } from "../../src/workflows/train/index.ts";
import { readConfigurationOf } from "../../src/workflows/train/read.ts";
import { memoryCorpus, midiBytes, randomMusic } from "../fixtures/memory-corpus.ts";
import { countingRuntime } from "../fixtures/playing.ts";
import { drawTokens, livelyParameters, vocabularySize } from "../suites/small-models.ts";
import { performance, table } from "./by-hand.ts";
import { trainingPlatform, trainSmall, weightsOf } from "./small-training.ts";

const tiny = { vocabularySize, layers: 1, features: 8, heads: 2, hiddenSize: 12 };

describe("its models", () => {
  it.each(Object.entries(presets))(
    "2.5.3 preset %s can be run: its model opens and takes its windows",
    (_, preset) => {
      const { model: { name = "", config = {} } = {}, training } = preset.configuration;
      const { name: tokens, config: options } = preset.representation ?? { name: "performance", config: {} };
      const { vocabularySize } = openRepresentation(tokens, options);
      const model = openModel(name, { ...config, vocabularySize });
      expect(Object.keys(model.parameters).length).toBeGreaterThan(3);
      expect(training?.window).toBeLessThanOrEqual(model.context ?? Number.POSITIVE_INFINITY);
    },
  );

  it("2.5.10 no later token changes what is predicted before it", async () => {
    const tokens = drawTokens(8, "causal");
    const [before, after] = await Promise.all([tokens, changedAt(tokens, 5)].map(logitsOf));
    expect(after.slice(0, 5)).toEqual(before.slice(0, 5));
    expect(after[5]).not.toEqual(before[5]);
  });

  it("2.5.10 positions are heard: the same tokens in another order predict something else", async () => {
    const tokens = Int32Array.of(1, 2, 3, 4, 5);
    const [before, after] = await Promise.all([tokens, Int32Array.of(3, 1, 2, 4, 5)].map(logitsOf));
    const differences = after[4].map((each, i) => Math.abs(each - before[4][i]));
    expect(Math.max(...differences)).toBeGreaterThan(1e-3);
  });

  it("2.5.11 gradients are clipped as they are, averaged and not scaled", async () => {
    const model = openModel("gru", { vocabularySize, layers: 1, hiddenSize: 4 });
    const { runtime } = countingRuntime();
    const sgd = openOptimiser("sgd", { momentum: 0 });
    const options = { rows: 1, steps: 8, carries: false, averageDecay: undefined, seed: 1, threads: 1 };
    const batches = ["a", "b"].map((name) => ({
      ...{ rows: 1, steps: 8, fields: 1, controlSize: 0, controls: new Float32Array(0) },
      inputs: drawTokens(8, `${name} inputs`),
      targets: drawTokens(8, `${name} targets`),
      mask: new Float32Array(8).fill(1),
      continues: new Uint8Array(1),
    }));
    for (const clipNorm of [0.01, 1000]) {
      const trainer = await openTrainer(runtime, model, sgd, { ...options, clipNorm });
      const before = livelyParameters(model);
      const { learner, gradientNorm } = await trainer.step(
        trainer.begin(livelyParameters(model)),
        batches,
        1,
      );
      await trainer.dispose();
      expect(gradientNorm).toBeGreaterThan(0.05);
      expect(globalNorm(difference(learner.parameters, before))).toBeCloseTo(
        Math.min(clipNorm, gradientNorm),
        4,
      );
    }
  });
});

describe("its commands", () => {
  it("2.5.4 what train has written, generate opens, whatever its size: by the name of its run, and as the last", async () => {
    const { platform } = await trainingPlatform();
    const { folder } = await trainSmall(platform, {
      ...{ preset: "lstm", steps: 1, out: "runs/odd", set: ["model.config.hiddenSize=11"] },
    });
    for (const model of [folder, "last"]) {
      const { pieces } = await generate(platform, { model, seed: 1, events: 10, output: `${model}.mid` });
      expect(pieces[0].events).toBe(10);
    }
  });

  it("2.5.5 the best checkpoint is written, and is the one that generate takes", async () => {
    const { platform } = await trainingPlatform();
    await trainSmall(platform, { learningRate: 2, set: ["validation.every=1"] });
    expect(await weightsOf(platform, "run", "best")).not.toEqual(await weightsOf(platform, "run", "last"));
    const { fingerprint } = await generate(platform, { model: "run", seed: 1, events: 4 });
    expect(fingerprint).toBe(platform.sha256(await weightsOf(platform, "run", "best")));
  });

  it("2.5.5 every flag of train arrives in the configuration", async () => {
    const { platform } = await trainingPlatform();
    const flags = { epochs: 3, steps: 7, batchSize: 5, learningRate: 0.0123, window: 33, seed: 44 };
    const options = trainSchema.parse({ corpus: "corpus", preset: "lstm", ...flags });
    const read = await readConfigurationOf(platform, options, { run: undefined, parent: undefined });
    expect(read).toMatchObject({ corpus: "corpus", model: { name: "lstm" }, training: flags });
    await expect(trainSmall(platform, { set: ["train.log_interval=1"] })).rejects.toThrow("train");
    await expect(trainSmall(platform, { set: ["training.lr=1"] })).rejects.toThrow("training.lr");
  });

  it("2.5.5 options of generate that cannot be are refused, not ignored", () => {
    for (const wrong of [
      { topP: 0 },
      { topP: 1.5 },
      { temperature: 0 },
      { samples: 0 },
      { greedyRatio: 2 },
    ]) {
      expect(generateSchema.safeParse(wrong).success).toBe(false);
    }
  });

  it("2.5.7 a configuration file is read, to the last key, and repeats its run", async () => {
    const { platform } = await trainingPlatform();
    await trainSmall(platform, { steps: 2, set: ["model.config.hiddenSize=9"] });
    // Nothing is said but the file.
    const options = trainSchema.parse({ config: "run/config.yaml", out: "again", threads: 1 });
    await train(options, { platform, command: "rubato train" });
    expect(await weightsOf(platform, "again")).toEqual(await weightsOf(platform, "run"));
    await platform.store.write("typo.yaml", new TextEncoder().encode("training:\n  window_size: 4\n"));
    await expect(trainSmall(platform, { config: "typo.yaml", out: "typo" })).rejects.toThrow(
      "typo.yaml, line 2, column 3",
    );
  });

  it("2.5 (as it is now: no resumption) a run that was interrupted goes on to the very same weights", async () => {
    const { platform } = await trainingPlatform();
    const set = ["model.config.dropout=0.2", "validation.every=4"];
    await trainSmall(platform, { out: "straight", set });
    const controller = new AbortController();
    const stopping = {
      ...platform,
      report: ({ stage, done }: Progress) => {
        if (stage === "training" && done === 3) controller.abort();
      },
    };
    const { state, standing } = await trainSmall(stopping, { set }, controller.signal);
    expect([state, standing?.step]).toEqual(["interrupted", 3]);
    await trainSmall(platform, { resume: "run" });
    for (const which of ["last", "best"] as const) {
      expect(await weightsOf(platform, "run", which)).toEqual(await weightsOf(platform, "straight", which));
    }
  });
});

describe("its tokens", () => {
  it("2.5.9 chords, loudness and lengths between its five survive", () => {
    const notes = [0.13, 0.37, 0.61, 1.7, 2.9].map((seconds, i) => ({
      ...{ start: 0, end: seconds, pitch: 48 + 4 * i, velocity: 20 + 20 * i },
    }));
    const back = [...notesOf(performance.decode(performance.encode(createPerformance({ notes }))))];
    expect(back.map(({ start, end, pitch }) => ({ start, end, pitch }))).toEqual(
      notes.map(({ start, end, pitch }) => ({ start, end, pitch })),
    );
    for (const [i, { velocity }] of back.entries()) {
      expect(Math.abs(velocity - notes[i].velocity)).toBeLessThanOrEqual(2);
    }
  });

  it("2.5.9 pieces are learnt from to their last event, not to their 2,048th", async () => {
    const { corpus } = await memoryCorpus({ "in/long.mid": midiBytes(randomMusic(1, 1200)) });
    const [piece] = corpus.index.pieces;
    const [tokens] = await corpus.tokens(piece);
    expect(tokens.length).toBeGreaterThan(4096);
    const options = { split: "train", rows: 2, steps: 512, order: "fixed", seed: 1 } as const;
    let foretold = 0;
    let last = -1;
    for await (const { mask, targets } of createBatches(corpus, options)) {
      foretold += mask.reduce((sum, each) => sum + each, 0);
      last = targets[mask.lastIndexOf(1)];
    }
    expect(foretold).toBe(tokens.length - 1);
    expect(last).toBe(tokens[tokens.length - 1]);
  });

  it("2.5.10 top-p keeps the likeliest event, also where it alone is more than p", () => {
    const logits = new Float32Array(table.size).fill(-3);
    logits[60] = 12;
    const { shape, truncate } = openProcessors(
      { temperature: { temperature: 1 }, "top-p": { p: 0.1 } },
      table,
    );
    shape(logits, new Past(undefined));
    truncate(logits, new Past(undefined));
    expect([...logits.keys()].filter((token) => logits[token] > Number.NEGATIVE_INFINITY)).toEqual([60]);
    expect(logits[60]).toBe(12);
  });
});

/** The logits of a Transformer of one block, place by place. */
async function logitsOf(tokens: Int32Array): Promise<readonly (readonly number[])[]> {
  const model = openModel("transformer", { ...tiny, context: 16 });
  const graph = exportForward(model, livelyParameters(model), { batch: 1, steps: tokens.length });
  const session = await openDirect(graph, { threads: 1 });
  const feeds = { tokens: { type: "int32", shape: [1, tokens.length], data: tokens } } as const;
  const { logits } = await session.run(feeds);
  await session.dispose();
  const all = Array.from(logits.data, Number);
  return Array.from(tokens, (_, i) => all.slice(i * vocabularySize, (i + 1) * vocabularySize));
}

const changedAt = (tokens: Int32Array, place: number) =>
  tokens.map((token, i) => (i === place ? (token + 1) % vocabularySize : token));

const difference = (a: Parameters, b: Parameters): Parameters =>
  Object.fromEntries(
    Object.entries(a).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((each, i) => each - b[name].data[i]) },
    ]),
  );
