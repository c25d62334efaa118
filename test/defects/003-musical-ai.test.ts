/** @file What is wrong with Musical AI, and cannot happen here. Numbers are those of SYSTEMS 2.4. */
import { describe, expect, it } from "vitest";
import { CheckpointError, openCheckpoint } from "../../src/checkpoint/index.ts";
import { openProcessors } from "../../src/generation/index.ts";
import { readPerformance } from "../../src/midi/index.ts";
import { exportForward } from "../../src/models/index.ts";
import { createPerformance, notesOf } from "../../src/music/index.ts";
import { performanceOfMelody } from "../../src/music/primer.ts";
import { openDirect } from "../../src/platform/node/index.ts";
import { lessons } from "../../src/training/index.ts";
import { openStage, stepOf } from "../../src/workflows/generate/stage.ts";
import { generate } from "../../src/workflows/index.ts";
import { memoryCorpus, midiBytes, randomFiles, randomMusic } from "../fixtures/memory-corpus.ts";
import { countingRuntime, hearAll, playingPlatform, tinyPlayable } from "../fixtures/playing.ts";
import { listenersOf, lively, performance, playByHand, table } from "./by-hand.ts";
import { checkpointOf, curveOf, trainingPlatform, trainSmall } from "./small-training.ts";

describe("its generation", () => {
  it("2.4.1 what is fed back is what training was fed: 40 steps are as likely as one window of 40", async () => {
    const playable = await tinyPlayable();
    const { model, parameters } = playable;
    const stage = await openStage(countingRuntime().runtime, playable, stepOf(playable, "float32"), {});
    const { tokens, finish } = await hearAll(stage.play({ seed: 1, events: 40 }));
    await stage.dispose();
    const [first, steps] = [355, tokens.length];
    const session = await openDirect(exportForward(model, parameters, { batch: 1, steps }), { threads: 1 });
    const inputs = Int32Array.from([first, ...tokens.slice(0, -1)]);
    const { logits } = await session.run({ tokens: { type: "int32", shape: [1, steps], data: inputs } });
    await session.dispose();
    const all = Array.from(logits.data, Number);
    const likelihood = tokens.reduce((sum, token, i) => {
      const row = all.slice(i * 388, (i + 1) * 388);
      return sum + row[token] - Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0));
    }, 0);
    expect(finish.modelLogLikelihood).toBeCloseTo(likelihood, 2);
  });

  it("2.4.2 tempo and transposition come after generation, once, and in semitones", async () => {
    const { platform } = await playingPlatform();
    const make = async (output: string, options: { tempo?: number; transpose?: number }) => {
      const { pieces, notices } = await generate(platform, { seed: 1, events: 150, output, ...options });
      const { notes } = readPerformance(await platform.store.read(output)).performance;
      return { piece: pieces[0], notices, notes };
    };
    const [plain, moved, far] = [
      await make("plain.mid", {}),
      await make("moved.mid", { tempo: 2, transpose: 1 }),
      await make("far.mid", { transpose: 60 }),
    ];
    // The model heard the same, to the last digit.
    for (const { piece } of [moved, far]) {
      expect(piece.logLikelihood).toBe(plain.piece.logLikelihood);
      expect(piece.events).toBe(plain.piece.events);
    }
    const byPlace = ({ notes }: typeof plain) => Array.from(notes.pitch).sort((a, b) => a - b);
    const up = byPlace(plain).map((pitch) => (pitch === 127 ? 116 : pitch + 1));
    expect(byPlace(moved)).toEqual(up.sort((a, b) => a - b));
    expect(Math.max(...Array.from(moved.notes.end))).toBeCloseTo(
      Math.max(...Array.from(plain.notes.end)) / 2,
      2,
    );
    expect(Math.max(...Array.from(far.notes.pitch))).toBeLessThanOrEqual(127);
    expect(far.notes.count).toBe(plain.notes.count);
    expect(far.notices.join()).toContain("moved by octaves");
  });

  it("2.4.4 time is drawn like everything else: temperature varies it", async () => {
    // The same distribution at every step, so that what differs is the drawing.
    const listeners = () => listenersOf(() => lively([0]));
    const variety = await Promise.all(
      [0.1, 1].map(async (temperature) => {
        const processors = openProcessors({ grammar: {}, temperature: { temperature } }, table);
        const length = { unit: "events", amount: 400 } as const;
        const { tokens } = await playByHand(listeners(), { processors, length });
        return new Set(tokens.filter((token) => table.steps[token] > 0)).size;
      }),
    );
    expect(variety[1]).toBeGreaterThan(40);
    expect(variety[0]).toBeLessThan(variety[1] / 2);
  });

  it("2.4.6 what cannot be opened is an error, and nothing plays in its place", async () => {
    const { platform } = await playingPlatform({ piano: {}, mine: {} });
    const weights = await platform.store.read("models/mine/model.safetensors");
    weights[weights.length - 1] ^= 1;
    await platform.store.write("models/mine/model.safetensors", weights);
    await expect(openCheckpoint(platform, "models/mine")).rejects.toThrow(CheckpointError);
    await expect(generate(platform, { model: "mine", seed: 1 })).rejects.toThrow(CheckpointError);
    expect(await platform.store.stat("output")).toBeUndefined();
  });

  it("2.4.7 a melody to begin with is one voice: no two of its notes sound together", () => {
    const { notes } = performanceOfMelody([60, -2, 62, 64, -1, 65, -2, -2, 60]);
    expect(notes.count).toBe(5);
    for (let i = 1; i < notes.count; i++) expect(notes.start[i]).toBeGreaterThanOrEqual(notes.end[i - 1]);
  });
});

describe("its training", () => {
  it("2.4.5 training stops by the validation loss, while its own loss still falls", async () => {
    const { platform } = await trainingPlatform(
      { "in/a.mid": midiBytes(randomMusic(1, 50)), "in/b.mid": midiBytes(randomMusic(2, 50)) },
      { split: 0.5 },
    );
    const set = [
      ...["model.config.hiddenSize=24", "training.augment=false", "training.carry=false"],
      ...["schedule.name=constant", "validation.every=8", "validation.patience=2"],
    ];
    const { standing } = await trainSmall(platform, { steps: 400, window: 32, learningRate: 0.02, set });
    expect(standing?.ended).toBe("stopped early");
    const losses = await curveOf(platform, "run", "validation/loss");
    const best = losses.indexOf(Math.min(...losses));
    expect(best).toBe(losses.length - 3);
    expect((await checkpointOf(platform, "run")).provenance.steps).toBe(8 * (best + 1));
    // One that is told after the first update comes before those of the validations.
    const own = (await curveOf(platform, "run", "train/loss")).slice(-losses.length);
    expect(own[losses.length - 1]).toBeLessThan(own[best]);
  });

  it("2.4.5 batches are mixed anew in every pass", async () => {
    const { corpus } = await memoryCorpus(randomFiles(8), { split: 1 });
    const options = { split: "train", rows: 2, steps: 16, order: "shuffled", seed: 1 } as const;
    const passes: [string[], string[]] = [[], []];
    for await (const { batch, position } of lessons(corpus, options, { epoch: 0, batch: 0 })) {
      if (position.epoch > 1) break;
      passes[position.epoch].push(batch.inputs.join());
    }
    expect(passes[0].length).toBeGreaterThan(10);
    expect(passes[1].filter((each) => passes[0].includes(each))).toEqual([]);
  });

  it("2.4.5 all instruments of a piece are heard, its loudness and its pedal too", async () => {
    const music = createPerformance({
      instruments: [0, 0].map((program, channel) => ({ name: "", program, isDrum: false, channel })),
      notes: [0, 1].map((instrument) => ({
        ...{ start: instrument, end: instrument + 0.2, pitch: 60 + instrument, instrument },
        velocity: 30 + 60 * instrument,
      })),
      pedals: [
        { time: 1.1, controller: 64, value: 127, channel: 1 },
        { time: 3, controller: 64, value: 0, channel: 1 },
      ],
    });
    const { corpus } = await memoryCorpus({ "in/hands.mid": midiBytes(music) });
    const [tokens] = await corpus.tokens(corpus.index.pieces[0]);
    const [left, right] = notesOf(performance.decode(tokens));
    expect([left.pitch, right.pitch]).toEqual([60, 61]);
    expect(right.velocity - left.velocity).toBeGreaterThan(50);
    expect(right.end).toBe(3);
  });
});
