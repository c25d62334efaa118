/** @file What is wrong with anatrini/performance_rnn_torch, and cannot happen here. Numbers are those of SYSTEMS 2.1. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { controlsFor, openConditioning } from "../../src/controls/index.ts";
import { createBatches, encodePiece } from "../../src/corpus/index.ts";
import { silence } from "../../src/generation/primer.ts";
import { build } from "../../src/graph/build.ts";
import { performanceFromMidi, readMidi } from "../../src/midi/index.ts";
import { initialParameters, openModel } from "../../src/models/index.ts";
import { createPerformance, notesOf } from "../../src/music/index.ts";
import { openRepresentation } from "../../src/representations/index.ts";
import { parameterFeeds, scalarOf } from "../../src/runtime/feeds.ts";
import { createInterpreter } from "../../src/runtime/interpreter.ts";
import { NonFiniteLossError, nextTokenObjective } from "../../src/training/index.ts";
import { ConfigError } from "../../src/util/errors.ts";
import { createRandom } from "../../src/util/random.ts";
import { createMusicModel, generate, musicSchema, train, trainSchema } from "../../src/workflows/index.ts";
import { configurationSchema } from "../../src/workflows/train/configuration.ts";
import { presets } from "../../src/workflows/train/index.ts";
import { openValidator } from "../../src/workflows/train/validate.ts";
import { memoryCorpus, midiBytes, randomMusic } from "../fixtures/memory-corpus.ts";
import { countingRuntime, playingPlatform, tinyPlayable } from "../fixtures/playing.ts";
import { listenersOf, lively, performance, playByHand, table } from "./by-hand.ts";
import { checkpointOf, curveOf, trainingPlatform, trainSmall, weightsOf } from "./small-training.ts";

const nothingTold = openConditioning(openRepresentation("performance"), [], "none");

const docs = fileURLToPath(new URL("../../docs", import.meta.url));
const note = (start: number, end: number, pitch = 60, velocity = 80) => ({ start, end, pitch, velocity });

describe("its vocabulary", () => {
  it("2.1.2 all of the 388 classes are written by the encoder and mean something to the decoder", () => {
    // Each pitch, each loudness and each time shift, one note after another.
    let time = 0;
    const notes = Array.from({ length: 128 }, (_, i) => {
      const start = time;
      time += 0.01 * (1 + (i % 100));
      return note(start, time, i, Math.min(127, 1 + (i % 32) * 4));
    });
    const used = new Set(performance.encode(createPerformance({ notes })));
    expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: 388 }, (_, token) => token));
    const kinds = [table.steps, table.velocity].map((column) => column.filter((each) => each > 0).length);
    const keys = [table.onset, table.release].map((column) => column.filter((each) => each >= 0).length);
    expect([...keys, ...kinds]).toEqual([128, 128, 100, 32]);
  });

  it("2.1.3 no event skips more than a second", () => {
    for (let token = 0; token < table.size; token++) {
      const { notes } = performance.decode(Int32Array.of(60, token, 61, 355));
      expect(notes.start[1] ?? 0).toBeLessThanOrEqual(1);
    }
    expect(table.steps[355]).toBe(100);
  });

  it("2.1.4 the token that a piece begins after is one that training has foretold", async () => {
    const [start, ...others] = silence(table);
    expect([performance.describe(start), others]).toEqual(["time-shift:100", []]);
    const music = createPerformance({ notes: [note(0, 0.5), note(2.5, 3)] });
    const { corpus } = await memoryCorpus({ "in/a.mid": midiBytes(music) });
    const options = { split: "train", rows: 1, steps: 16, order: "fixed", seed: 1 } as const;
    for await (const { inputs, targets } of createBatches(corpus, options)) {
      expect(inputs).toContain(start);
      expect(targets).toContain(start);
    }
  });

  it("2.1.14 the sustain pedal is heard: folded into the ends of notes, or kept", async () => {
    const music = createPerformance({
      notes: [note(0, 0.2), note(0.5, 0.7, 64)],
      pedals: [
        { time: 0.1, controller: 64, value: 127 },
        { time: 2, controller: 64, value: 0 },
      ],
    });
    const { corpus } = await memoryCorpus({ "in/a.mid": midiBytes(music) });
    const [tokens] = await corpus.tokens(corpus.index.pieces[0]);
    expect(Array.from(performance.decode(tokens).notes.end)).toEqual([2, 2]);
  });

  it("2.1.15 short notes stay short, and soft and loud ones stay soft and loud", async () => {
    const notes = Array.from({ length: 127 }, (_, i) => note(i / 10, i / 10 + 0.02, 60, 1 + i));
    const music = performance.decode(performance.encode(createPerformance({ notes })));
    const { performance: back } = performanceFromMidi(readMidi(midiBytes(music)).file);
    for (const [i, { start, end, velocity }] of [...notesOf(back)].entries()) {
      expect(end - start).toBeCloseTo(0.02, 2);
      expect(Math.abs(velocity - notes[i].velocity)).toBeLessThanOrEqual(2);
    }
    expect(back.notes.count).toBe(127);
    expect(back.instruments.map(({ program }) => program)).toEqual([0]);
  });
});

describe("its generation", () => {
  it("2.1.5 temperature changes what is generated, and nothing is greedy unless asked for", async () => {
    const model = createMusicModel(countingRuntime().runtime, await tinyPlayable());
    const pitches = await Promise.all(
      [{}, { temperature: 0.9 }, { temperature: 0.3 }, { greedyRatio: 1 }].map(async (options) => {
        const { notes } = await model.perform({ seed: 3, events: 40, ...options });
        return Array.from(notes.pitch);
      }),
    );
    const [usual, same, cold, greedy] = pitches;
    expect(same).toEqual(usual);
    expect(cold).not.toEqual(usual);
    expect(greedy).not.toEqual(usual);
    expect(musicSchema.parse({})).toMatchObject({ greedyRatio: 0, temperature: 0.9 });
  });

  it("2.1.16 beams are weighed by log-probabilities: what is added to all logits changes nothing", async () => {
    const beam = { beamSize: 3, branchFactor: 3, stepsPerIteration: 4 };
    // Raw logits, summed, would prefer whatever comes after odd tokens.
    const shifted = listenersOf((heard) =>
      lively(heard).map((each) => each + 64 * (Number(heard.at(-1)) % 2)),
    );
    const [plain, other] = [
      await playByHand(listenersOf(lively), { beam }),
      await playByHand(shifted, { beam }),
    ];
    expect(other.tokens).toEqual(plain.tokens);
    expect(other.finish.logLikelihood).toBeCloseTo(plain.finish.logLikelihood, 4);
    expect(plain.finish.logLikelihood).toBeLessThan(0);
  });

  it("2.1.16 one beam of one branch is plain sampling, and the start token is not in the output", async () => {
    const plain = await playByHand(listenersOf(lively));
    const beam = { beamSize: 1, branchFactor: 1, stepsPerIteration: 7 };
    expect(await playByHand(listenersOf(lively), { beam })).toEqual(plain);
    expect(plain.tokens).toHaveLength(60);
    expect(plain.notes[0].start).toBe(0);
  });

  it("2.1.18 a primer is gone on from, and a seed gives the same bytes again", async () => {
    const song = randomMusic(3, 40);
    const make = async (seed: number) => {
      const { platform } = await playingPlatform({ piano: {} }, { "song.mid": midiBytes(song) });
      const options = { primer: "song.mid", primerNotes: 8, notes: 20, seed } as const;
      const { pieces } = await generate(platform, options);
      return platform.store.read(pieces[0].midi);
    };
    const [first, again, other] = [await make(1), await make(1), await make(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const { notes } = performanceFromMidi(readMidi(first).file).performance;
    expect(Array.from(notes.pitch).slice(0, 8).sort()).toEqual(
      Array.from(song.notes.pitch).slice(0, 8).sort(),
    );
    expect(notes.count).toBe(20);
  });
});

describe("its training", () => {
  it("2.1.7 a checkpoint keeps the configuration that its weights are of, also when it is tuned", async () => {
    const { platform } = await trainingPlatform();
    await trainSmall(platform, { out: "first", steps: 1, set: ["model.config.hiddenSize=12"] });
    // The preset says 512 and is not asked: the size is that of the weights.
    const tuned = {
      corpus: "corpus",
      from: "first",
      out: "tuned",
      steps: 1,
      batchSize: 2,
      window: 16,
      threads: 1,
    };
    const options = trainSchema.parse({ ...tuned, set: ["samples.every=0"] });
    await train(options, { platform, command: "rubato train" });
    const { model } = await checkpointOf(platform, "tuned");
    expect(model.configuration).toMatchObject({ hiddenSize: 12, layers: 1 });
    const { pieces } = await generate(platform, { model: "tuned", seed: 1, events: 10 });
    expect(pieces[0].events).toBe(10);
  });

  it("2.1.8 what is typed with --set is what is trained", async () => {
    const { platform } = await trainingPlatform();
    const counts: number[] = [];
    for (const size of [8, 16]) {
      const out = `run-${size}`;
      const { parameters } = await trainSmall(platform, {
        out,
        steps: 1,
        set: [`model.config.hiddenSize=${size}`],
      });
      const stored = Object.values((await checkpointOf(platform, out)).parameters);
      expect(stored.reduce((sum, { data }) => sum + data.length, 0)).toBe(parameters);
      counts.push(parameters);
    }
    expect(counts[1]).toBeGreaterThan(1.9 * counts[0]);
    await expect(trainSmall(platform, { set: ["model.config.hidden_dim=64"] })).rejects.toThrow("hidden_dim");
  });

  it("2.1.9 a run that ends normally has been saved: the last weights, and those that validated best", async () => {
    const { platform, corpus } = await trainingPlatform();
    const { standing } = await trainSmall(platform, { set: ["validation.every=3"] });
    expect(standing).toMatchObject({ ended: "finished", step: 8 });
    const losses = await curveOf(platform, "run", "validation/loss");
    expect(losses.length).toBe(3);
    expect(standing?.best).toBe(Math.min(...losses));
    const { parameters, provenance } = await checkpointOf(platform, "run");
    expect(provenance.steps).toBe([3, 6, 8][losses.indexOf(Math.min(...losses))]);
    const { model, configuration } = smallModel(0);
    const validator = await openValidator(platform.runtime, model, nothingTold, corpus, configuration, {
      threads: 1,
    });
    expect((await validator.run(parameters)).loss).toBeCloseTo(Math.min(...losses), 6);
    await validator.dispose();
    expect((await checkpointOf(platform, "run/checkpoints/last")).provenance.steps).toBe(8);
  });

  it("2.1.9 stopping early keeps what was best, not what was last", async () => {
    const { platform } = await trainingPlatform();
    const set = ["validation.every=2", "validation.patience=2"];
    const { standing } = await trainSmall(platform, { steps: 300, learningRate: 0.5, set });
    expect(standing).toMatchObject({ ended: "stopped early", waited: 2 });
    const best = await checkpointOf(platform, "run");
    expect(best.provenance.steps).toBe((standing?.step ?? 0) - 4);
    expect(await weightsOf(platform, "run", "best")).not.toEqual(await weightsOf(platform, "run", "last"));
  });

  it("2.1.10 what fails while training is told, and the checkpoint from before is still there", async () => {
    const { platform } = await trainingPlatform();
    await expect(trainSmall(platform, { learningRate: 1e38, steps: 50 })).rejects.toThrow(NonFiniteLossError);
    const broken: typeof platform.runtime = {
      ...platform.runtime,
      async open(model, options) {
        const session = await platform.runtime.open(model, options);
        let runs = 0;
        return {
          ...session,
          run: async (...given) => {
            if (++runs > 2) throw new Error("the device is gone");
            return session.run(...given);
          },
        };
      },
    };
    const failing = trainSmall({ ...platform, runtime: broken }, { out: "failed" });
    await expect(failing).rejects.toThrow("the device is gone");
    expect((await checkpointOf(platform, "failed/checkpoints/last")).provenance.steps).toBe(0);
  });

  it("2.1.11 the mask hides what is empty and nothing else: token 0 counts like any other", async () => {
    const { loss, weight } = await lossOf([3, 1, 0, 2, 0], 4);
    expect(weight).toBe(4);
    expect((await lossOf([3, 1, 1, 2, 0], 4)).loss).not.toBe(loss);
    // Two of four steps are empty: the mean is over the others, whatever stands in the empty ones.
    const [zeros, others] = [await lossOf([3, 1, 0, 0, 0], 2), await lossOf([3, 1, 0, 5, 5], 2)];
    expect(zeros).toEqual({ loss: others.loss, weight: 2 });
    expect(zeros.loss).toBeGreaterThan(0.8 * loss);
  });

  it("2.1.12 transposition rolls the pitch-class histogram and leaves density alone", () => {
    const music = randomMusic(5, 60);
    const curves = [0, 5].map((transpose) => {
      const [tokens] = encodePiece(music, performance, undefined, { stretch: 1, transpose });
      const timeline = performance.timeline?.(tokens);
      if (timeline === undefined) throw new Error("performance is a stream of events");
      return controlsFor(performance, ["note-density", "pitch-class-histogram"]).map((control) =>
        control.compute(timeline),
      );
    });
    const [[density, histogram], [movedDensity, movedHistogram]] = curves;
    expect(movedDensity).toEqual(density);
    for (let i = 0; i < histogram.length; i++) {
      const rolled = i - (i % 12) + (((i % 12) + 5) % 12);
      expect(movedHistogram[rolled]).toBeCloseTo(histogram[i], 6);
    }
    expect(movedHistogram).not.toEqual(histogram);
  });

  it("2.1.13 validation is the same twice, without dropout and without variations", async () => {
    const { platform, corpus } = await trainingPlatform();
    const losses: number[] = [];
    for (const dropout of [0.5, 0.5, 0]) {
      const { model, configuration } = smallModel(dropout);
      const validator = await openValidator(platform.runtime, model, nothingTold, corpus, configuration, {
        threads: 1,
      });
      const parameters = initialParameters(smallModel(0).model, 1);
      losses.push((await validator.run(parameters)).loss, (await validator.run(parameters)).loss);
      await validator.dispose();
    }
    expect(new Set(losses).size).toBe(1);
    expect(losses[0]).toBeGreaterThan(5);
  });

  it.each([1, 2, 3])(
    "2.1.13 a corpus of %d files has something to train on and to validate with",
    async (count) => {
      const files = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`in/${i}.mid`, midiBytes(randomMusic(i, 150))]),
      );
      const { platform } = await trainingPlatform(files);
      const { standing } = await trainSmall(platform, { steps: 1 });
      expect(standing).toMatchObject({ step: 1, best: expect.any(Number) });
      expect(standing?.tokens).toBeGreaterThan(0);
    },
  );

  it("2.1.17 a checkpoint is JSON and numbers, and options are data: nothing in them is run", async () => {
    const { platform } = await trainingPlatform();
    await trainSmall(platform, { steps: 1 });
    const files = (await platform.store.list("run/checkpoints/best")).map(({ path }) => path);
    expect(files).toEqual(["config.json", "model.safetensors"]);
    const code = "model.config.hiddenSize=process.exit(3)";
    await expect(trainSmall(platform, { out: "other", set: [code] })).rejects.toThrow(ConfigError);
  });
});

describe("its documents", () => {
  it("2.1.1 the options in our documents are there", async () => {
    const [{ buildCommand }, texts] = [await import("../../src/cli/options.ts"), documents()];
    const commands = new Map<string, ReadonlySet<string>>();
    const folder = new URL("../../src/cli/commands/", import.meta.url);
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
      const { default: definition } = await import(new URL(name, folder).href);
      const { options } = buildCommand(definition, async () => undefined);
      commands.set(definition.name, new Set(["--help", ...options.flatMap(({ long }) => long ?? [])]));
    }
    const wrong: string[] = [];
    let found = 0;
    for (const [file, text] of texts) {
      for (const [line, verb, rest] of text.matchAll(/\brubato ([a-z]+)((?: [^\n`|#]*)?)/g)) {
        // What follows the first word of compat is another program's.
        const own = verb === "compat" ? (/^(?: --[a-z-]+(?: (?!python)\S+)?)*/.exec(rest)?.[0] ?? "") : rest;
        for (const [flag] of own.matchAll(/(?<= )--[a-z][a-z0-9-]*/g)) {
          found++;
          if (commands.get(verb)?.has(flag) !== true) wrong.push(`${file}: ${line}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(found).toBeGreaterThan(20);
  });

  it("2.1.18 the hyper-parameters in our documents are those of the code", () => {
    const text = readFileSync(`${docs}/how-to/train.md`, "utf8");
    const rows = [...text.matchAll(/^\| `([\w-]+)` .*\b([\d,]+) windows of ([\d,]+)/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(presets).sort());
    const number = (digits: string) => Number(digits.replace(",", ""));
    for (const [, name, batchSize, window] of rows) {
      const { configuration } = Object.entries(presets).find(([each]) => each === name)?.[1] ?? {};
      expect(configuration?.training).toMatchObject({ batchSize: number(batchSize), window: number(window) });
    }
  });
});

/** Every document of this project, by path. */
function documents(): readonly (readonly [string, string])[] {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const pages = readdirSync(docs, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".md"),
  );
  return ["README.md", ...pages.map((path) => `docs/${path}`)].map((path) => [
    path,
    readFileSync(`${root}/${path}`, "utf8"),
  ]);
}

function smallModel(dropout: number) {
  const config = { layers: 1, hiddenSize: 8, dropout };
  return {
    model: openModel("gru", { ...config, vocabularySize: 388 }),
    configuration: configurationSchema.parse({
      model: { name: "gru", config },
      training: { batchSize: 2, window: 16 },
    }),
  };
}

/** The loss of a window of four predictions over seven tokens, of which the first `length` count. */
async function lossOf(tokens: readonly number[], length: number) {
  const [rows, steps] = [1, 4];
  const model = openModel("gru", { vocabularySize: 7, layers: 1, hiddenSize: 5 });
  const objective = nextTokenObjective(model, { rows, steps, carries: false, dropout: false });
  const session = await createInterpreter().open(build({ outputs: { loss: objective.loss } }));
  const mask = Float32Array.from({ length: steps }, (_, i) => (i < length ? 1 : 0));
  const { feeds, weight } = objective.batch(
    {
      ...{ rows, steps, fields: 1, controlSize: 0, mask },
      inputs: Int32Array.from(tokens.slice(0, -1)),
      targets: Int32Array.from(tokens.slice(1)),
      controls: new Float32Array(0),
      continues: new Uint8Array(rows),
    },
    {},
    0,
  );
  const random = createRandom("weights");
  const parameters = Object.fromEntries(
    Object.entries(initialParameters(model, 1)).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value + random.next() - 0.5) },
    ]),
  );
  return { loss: scalarOf(await session.run({ ...parameterFeeds(parameters), ...feeds }), "loss"), weight };
}
