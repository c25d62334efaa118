/** @file The model of melodies as it plays: one voice, fed back what training fed, and what is done to it afterwards. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { exportForward, exportSampling, openModel } from "../src/models/index.ts";
import { type Performance, parseScale } from "../src/music/index.ts";
import { nodePlatform, openDirect } from "../src/platform/node/index.ts";
import { stepsOfFlat } from "../src/representations/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { openStage, type Playable, stepOf } from "../src/workflows/generate/stage.ts";
import { findModel, generate, playableOf } from "../src/workflows/index.ts";
import { countingRuntime, hearAll, playingPlatform, tinyPlayable } from "./fixtures/playing.ts";
import { describeWithData } from "./shared-data.ts";

const tiny = {
  model: "melody",
  representation: "melody",
  config: { hiddenSize: 12, components: 3 },
  noise: 1,
};

/** Music by a model, and every step that the model heard. */
async function playWatched(
  playable: Playable,
  notes: number,
  request: { temperature?: number; seed?: number },
) {
  const heard: number[][] = [];
  const { runtime } = countingRuntime();
  const watched: Runtime = {
    ...runtime,
    async open(model, options) {
      const session = await runtime.open(model, options);
      return {
        ...session,
        run(feeds) {
          const { tokens } = feeds;
          expect(tokens.type).toBe("int32");
          heard.push(Array.from(tokens.data, Number));
          return session.run(feeds);
        },
      };
    },
  };
  const stage = await openStage(watched, playable, stepOf(playable, "float32"), {});
  const settings = { temperature: 1, longestRest: 0, mostTurns: 0, ...request };
  const played = await hearAll(stage.play({ notes, ...settings }));
  await stage.dispose();
  // The first was heard by itself, for what might be foretold before any note: nothing is drawn of it here.
  return { heard: heard.slice(1), ...played };
}

const overlaps = ({ notes }: Performance) =>
  Array.from({ length: Math.max(0, notes.count - 1) }, (_, i) => i).filter(
    (i) => notes.end[i] > notes.start[i + 1] + 1e-9 || notes.start[i] === notes.start[i + 1],
  );

describe.each([
  ["mixtures", tiny],
  ["numbers", { ...tiny, config: { hiddenSize: 12, input: "numbers", time: "mse" } }],
])("a model of melodies that foretells times as %s", (_, model) => {
  it("hears of each note it drew what training hears of the same music", async () => {
    const playable = await tinyPlayable(model);
    const { heard, tokens } = await playWatched(playable, 40, { seed: 1 });
    const steps = stepsOfFlat(playable.representation.fields, tokens);
    expect(heard.flat()).toEqual([...steps.subarray(0, 39 * 3)]);
    const music = playable.representation.decode(steps);
    expect([...playable.representation.encode(music)]).toEqual([...steps]);
    expect(music.notes.count).toBe(40);
    expect(overlaps(music)).toEqual([]);
  });

  it("finds 40 notes as likely one by one as in a window of 40", async () => {
    const playable = await tinyPlayable(model);
    const { fields } = playable.representation;
    const { heard, tokens, finish } = await playWatched(playable, 40, { seed: 2 });
    const graph = exportForward(playable.model, playable.parameters, { batch: 1, steps: 39 });
    const session = await openDirect(graph, { threads: 1 });
    const { logits } = await session.run({
      tokens: { type: "int32", shape: [1, 39, 3], data: Int32Array.from(heard.flat()) },
    });
    await session.dispose();
    const drawn = stepsOfFlat(fields, tokens).subarray(3);
    let likelihood = 0;
    let at = 0;
    for (const [i, token] of drawn.entries()) {
      const { size } = fields[i % 3];
      const row = Array.from(logits.data.slice(at, at + size), Number);
      const most = Math.max(...row);
      const total = most + Math.log(row.reduce((sum, each) => sum + Math.exp(each - most), 0));
      likelihood += row[token] - total;
      at += size;
    }
    const error = Math.abs(finish.modelLogLikelihood - likelihood) / Math.abs(likelihood);
    expect(error).toBeLessThan(1e-4);
  });
});

it("draws times as well as pitches: the temperature widens both", async () => {
  const playable = await tinyPlayable(tiny);
  const varieties = [];
  for (const temperature of [0.1, 1]) {
    const { heard } = await playWatched(playable, 120, { seed: 3, temperature });
    varieties.push([0, 1, 2].map((field) => new Set(heard.map((step) => step[field])).size));
  }
  for (const field of [0, 1, 2]) expect(varieties[0][field]).toBeLessThan(varieties[1][field]);
});

it("does not draw several steps in one graph", () => {
  const model = openModel("melody", { vocabularySize: 1130, hiddenSize: 4 });
  expect(() => exportSampling(model, {}, { steps: 2 })).toThrow("steps of 3 tokens");
  expect(() => openModel("melody", { vocabularySize: 389 })).toThrow(/^found a vocabulary of 389 tokens/);
});

describe("what is asked for afterwards", async () => {
  const { platform } = await playingPlatform({ melody: tiny });
  const make = async (options: Partial<Parameters<typeof generate>[1]>) => {
    const output = `${Object.entries(options).flat().join("-")}.mid`.replaceAll("/", "_");
    const made = await generate(platform, { model: "melody", seed: 7, notes: 60, output, ...options });
    const { performance } = readPerformance(await platform.store.read(output));
    return { piece: made.pieces[0], performance, notes: performance.notes };
  };
  const plain = await make({});

  it("is not heard by the model, and changes nothing that was drawn", async () => {
    const all = { tempo: 0.5, transpose: -3, velocity: 33, quantize: "1/8t" };
    const { piece } = await make(all);
    expect(piece.logLikelihood).toBe(plain.piece.logLikelihood);
    expect(piece.notes).toBe(plain.piece.notes);
  });

  it("moves every note by semitones, divides every time by the tempo, and makes all as loud", async () => {
    const { notes } = await make({ tempo: 2, transpose: 1, velocity: 33 });
    expect(notes.count).toBe(60);
    for (let i = 0; i < notes.count; i++) {
      const pitch = plain.notes.pitch[i];
      expect(notes.pitch[i]).toBe(pitch === 127 ? 116 : pitch + 1);
      expect(notes.start[i]).toBeCloseTo(plain.notes.start[i] / 2, 2);
      expect(notes.end[i]).toBeCloseTo(plain.notes.end[i] / 2, 2);
      expect(notes.velocity[i]).toBe(33);
    }
  });

  it("lies on a grid, still in one voice", async () => {
    for (const [grid, seconds] of [
      ["0.5", 0.5],
      ["1/8t", 1 / 6],
    ] as const) {
      const { performance, notes } = await make({ quantize: grid });
      expect(notes.count).toBe(60);
      expect(overlaps(performance)).toEqual([]);
      for (const time of [...Array.from(notes.start), ...Array.from(notes.end)]) {
        expect(Math.abs(time / seconds - Math.round(time / seconds))).toBeLessThan(0.02);
      }
    }
    await expect(make({ bpm: 90 })).rejects.toThrow("found --bpm 90 without --quantize");
    await expect(make({ quantize: "1/7" })).rejects.toThrow('found a grid of "1/7"');
  });

  it("keeps to a scale, from the first note on", async () => {
    const { pitchClasses } = parseScale("D minor");
    for (const seed of [1, 2, 3, 4]) {
      const { notes } = await make({ scale: "D minor", seed });
      for (const pitch of Array.from(notes.pitch)) expect(pitchClasses).toContain(pitch % 12);
    }
  });
});

describeWithData("the model that ships", "nottingham", (folder) => {
  it("hears at every place of a piece notes like those it learnt from", async () => {
    const playable = playableOf(await findModel(nodePlatform(), "melody"));
    const files = readdirSync(join(folder, "MIDI/melody")).sort();
    const learnt: number[][] = [];
    for (const file of files.filter((_, i) => i % 8 === 0)) {
      const { performance } = readPerformance(readFileSync(join(folder, "MIDI/melody", file)));
      const tokens = playable.representation.encode(performance);
      for (let at = 0; at < tokens.length; at += 3) learnt.push([...tokens.subarray(at, at + 3)]);
    }
    const early: number[][] = [];
    const late: number[][] = [];
    for (let seed = 0; seed < 20; seed++) {
      const { heard } = await playWatched(playable, 150, { seed, temperature: 1 });
      early.push(...heard.slice(1, 26));
      late.push(...heard.slice(26));
    }
    const meanOf = (steps: number[][], field: number, of: (token: number) => number) =>
      steps.reduce((sum, step) => sum + of(step[field]), 0) / steps.length;
    // Bands as wide as melodies differ from one another: pitches within four semitones, times, of which the logarithm counts, within
    // a fifth. The first note, which is given, is a quarter and longer than most of theirs: what follows at once is longer, too.
    for (const [steps, factor] of [
      [early, 1.35],
      [late, 1.2],
    ] as const) {
      const pitch = (token: number) => token;
      expect(Math.abs(meanOf(steps, 1, pitch) - meanOf(learnt, 1, pitch))).toBeLessThan(4);
      for (const time of [0, 2]) {
        const logarithm = (token: number) => Math.log(token + 0.5);
        const apart = meanOf(steps, time, logarithm) - meanOf(learnt, time, logarithm);
        expect(Math.abs(apart)).toBeLessThan(Math.log(factor));
      }
      const highest = learnt.reduce((most, [, pitch]) => Math.max(most, pitch), 0);
      const strange = steps.filter(([, pitch]) => pitch > highest + 3 || pitch < 40);
      expect(strange.length / steps.length).toBeLessThan(0.01);
    }
  });
});
