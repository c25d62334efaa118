/** @file What is wrong with "RNN Music Generation with PyTorch", and cannot happen here. Numbers are those of SYSTEMS 2.2. */
import { describe, expect, it } from "vitest";
import { createBatches } from "../../src/corpus/index.ts";
import {
  type MidiEvent,
  performanceFromMidi,
  readMidi,
  readPerformance,
  trackFromEvents,
  writeMidi,
} from "../../src/midi/index.ts";
import { createPerformance, notesOf } from "../../src/music/index.ts";
import { createMusicModel, generate, generateSchema, prepare } from "../../src/workflows/index.ts";
import { memoryCorpus, midiBytes, randomMusic } from "../fixtures/memory-corpus.ts";
import { countingRuntime, playingPlatform, tinyPlayable } from "../fixtures/playing.ts";
import { listenersOf, lively, performance, playByHand } from "./by-hand.ts";
import { checkpointOf, curveOf, trainingPlatform, trainSmall } from "./small-training.ts";

/** Notes one after the other, each as long as `delta` ticks of a quarter of half a second. */
function runOfTicks(delta: number, count: number, ticksPerQuarter: number): Uint8Array {
  const events = Array.from({ length: count }, (_, i): readonly MidiEvent[] => {
    const message = { type: "channel", data1: 60 + (i % 12) } as const;
    return [
      { ...message, tick: i * delta, status: 0x90, data2: 80 },
      { ...message, tick: (i + 1) * delta, status: 0x80, data2: 0 },
    ];
  });
  return writeMidi({
    format: 0,
    division: { type: "quarters", ticksPerQuarter },
    chunks: [{ type: "track", track: trackFromEvents(events.flat()) }],
  });
}

/** Largest distance between where notes begin in a file and where they begin after encoding and decoding. */
function worstOnset(bytes: Uint8Array): number {
  const { performance: heard } = readPerformance(bytes);
  const back = performance.decode(performance.encode(heard));
  expect(Array.from(back.notes.pitch)).toEqual(Array.from(heard.notes.pitch));
  return Math.max(...Array.from(back.notes.start).map((start, i) => Math.abs(start - heard.notes.start[i])));
}

describe("its tokens", () => {
  it("2.2.3 the vocabulary is the same for all music, whatever the durations", () => {
    const used = new Set([1, 2, 3, 4].flatMap((seed) => [...performance.encode(randomMusic(seed, 400))]));
    expect(performance.vocabularySize).toBe(388);
    for (const token of used) expect(token).toBeLessThan(388);
    expect(used.size).toBeGreaterThan(150);
  });

  it.each([96, 220, 480, 960])("2.2.3 a file of %d ticks per quarter keeps its tempo", (ticksPerQuarter) => {
    // An eighth each, at the 120 quarters a minute of a file that says nothing.
    const { performance: heard } = readPerformance(runOfTicks(ticksPerQuarter / 2, 41, ticksPerQuarter));
    expect(heard.notes.start[40]).toBeCloseTo(10, 9);
    const again = performanceFromMidi(readMidi(midiBytes(heard)).file).performance;
    expect(again.notes.start[40]).toBeCloseTo(10, 3);
  });

  it("2.2.4 chords, rests and loudness survive, in the order in which notes begin", () => {
    const notes = [
      { start: 0, end: 3, pitch: 48, velocity: 30 },
      { start: 0, end: 0.5, pitch: 64, velocity: 110 },
      { start: 0.5, end: 1, pitch: 67, velocity: 70 },
      { start: 2.25, end: 2.5, pitch: 72, velocity: 127 },
    ];
    const back = [...notesOf(performance.decode(performance.encode(createPerformance({ notes }))))];
    expect(back.map(({ start, end, pitch }) => ({ start, end, pitch }))).toEqual(
      notes.map(({ start, end, pitch }) => ({ start, end, pitch })),
    );
    for (const [i, { velocity }] of back.entries()) {
      expect(Math.abs(velocity - notes[i].velocity)).toBeLessThanOrEqual(2);
    }
  });

  it.each(["fixed", "shuffled"] as const)("2.2.4 no window holds music of two pieces: %s", async (order) => {
    // Each piece has a pitch of its own.
    const files = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => {
        const notes = [...notesOf(randomMusic(i, 30))].map((note) => ({ ...note, pitch: 50 + i }));
        return [`in/${i}.mid`, midiBytes(createPerformance({ notes }))];
      }),
    );
    const { corpus } = await memoryCorpus(files, { split: 1 });
    const options = { split: "train", rows: 3, steps: 32, order, seed: 1 } as const;
    let windows = 0;
    for await (const { rows, steps, inputs, targets, mask } of createBatches(corpus, options)) {
      for (let row = 0; row < rows; row++) {
        const at = Array.from({ length: steps }, (_, i) => row * steps + i).filter((i) => mask[i] === 1);
        const tokens = at.flatMap((i) => [inputs[i], targets[i]]);
        const pitches = tokens.filter((token) => token < 256).map((token) => token % 128);
        if (pitches.length > 0) windows++;
        expect(new Set(pitches).size).toBeLessThanOrEqual(1);
      }
    }
    expect(windows).toBeGreaterThan(12);
  });

  it.each([119, 60, 31])(
    "2.2.7 notes %d ticks apart, of 480 to a quarter, stay apart and do not drift",
    (delta) => {
      expect(worstOnset(runOfTicks(delta, 500, 480))).toBeLessThanOrEqual(0.005 + 1e-9);
    },
  );

  it("2.2.7 performed music keeps its onsets within 5 ms", () => {
    const heard = performance.normalise(randomMusic(8, 300));
    const back = performance.decode(performance.encode(heard));
    const byPitch = (all: typeof heard) =>
      [...notesOf(all)].sort((a, b) => a.pitch - b.pitch || a.start - b.start).map(({ start }) => start);
    expect(back.notes.count).toBe(300);
    const [before, after] = [byPitch(heard), byPitch(back)];
    for (const [i, start] of after.entries()) expect(Math.abs(start - before[i])).toBeLessThan(0.005 + 1e-9);
  });
});

describe("its generation", () => {
  it("2.2.1 the notes it is given to begin with are in the output", async () => {
    const { platform } = await playingPlatform();
    const { pieces } = await generate(platform, { primerPitches: "60,62,64", seconds: 3, seed: 1 });
    const { notes } = readPerformance(await platform.store.read(pieces[0].midi)).performance;
    expect(Array.from(notes.pitch).slice(0, 3)).toEqual([60, 62, 64]);
    expect(Array.from(notes.start).slice(0, 3)).toEqual([0, 0, 0]);
  });

  it("2.2.1 notes given as a seed are not taken for something else", () => {
    const [issue] = generateSchema.safeParse({ seed: "60,62,64" }).error?.issues ?? [];
    expect(issue?.message).toContain('--seed-notes "60,62,64"');
  });

  const cells = [
    { model: "lstm", representation: "pitches", config: { layers: 2, hiddenSize: 8, embedding: 6 } },
    { model: "gru", representation: "pitches", config: { layers: 2, hiddenSize: 8, embedding: 6 } },
    { model: "gru", representation: "performance", config: { layers: 1, hiddenSize: 8 } },
  ];
  it.each(cells)(
    "2.2.1 the music of $model over $representation begins with its seed notes",
    async (cell) => {
      const { platform } = await playingPlatform({ piano: cell });
      const begin = async (seedNotes: string) => {
        const { pieces, notices } = await generate(platform, { seedNotes, notes: 12, seed: 1 });
        expect(notices).toEqual([]);
        return [...notesOf(readPerformance(await platform.store.read(pieces[0].midi)).performance)];
      };
      for (const [text, pitches] of [
        ["60,62,64", [60, 62, 64]],
        ["[C4, Eb4 G4]", [60, 63, 67]],
        ["0,127,127", [0, 127, 127]],
      ] as const) {
        const notes = await begin(text);
        expect(notes).toHaveLength(12);
        expect(notes.slice(0, 3).map(({ pitch }) => pitch)).toEqual(pitches);
        for (const [i, { start }] of notes.slice(0, 3).entries()) expect(start).toBeCloseTo(i / 2, 2);
        // They are heard, and what follows begins after them.
        expect(notes[3].start).toBeGreaterThanOrEqual(1.49);
      }
      const [one, other] = [await begin("60,62,64"), await begin("72,71,69")];
      expect(one.slice(3).map(({ pitch }) => pitch)).not.toEqual(other.slice(3).map(({ pitch }) => pitch));
      for (const seedNotes of ["", "60,128", "-1", "sixty"]) {
        await expect(generate(platform, { seedNotes, notes: 12, seed: 1 })).rejects.toThrow(
          `found --seed-notes ${JSON.stringify(seedNotes)}, expected pitches from 0 to 127 or names of them`,
        );
      }
    },
  );

  it("2.2.5 what was heard is heard once: each token is fed when it comes, and never again", async () => {
    const fed: number[] = [];
    const primer = performance.encode(randomMusic(1, 20));
    const { tokens, finish } = await playByHand(listenersOf(lively, fed), { primer, additional: true });
    expect(finish.drawn).toBe(60);
    // All but the last, which nothing follows.
    expect(fed).toEqual(tokens.slice(0, -1));
  });

  it("2.2.6 nothing stands before the music: without a primer every note was drawn, and a primer can be left out", async () => {
    const fed: number[] = [];
    const { tokens, finish } = await playByHand(listenersOf(lively, fed));
    expect(tokens).toHaveLength(finish.drawn);
    expect(performance.describe(fed[0])).toBe("time-shift:100");
    const model = createMusicModel(countingRuntime().runtime, await tinyPlayable());
    const primer = createPerformance({
      notes: Array.from({ length: 9 }, (_, i) => ({ start: i, end: i + 0.5, pitch: 108, velocity: 64 })),
    });
    const [kept, left] = await Promise.all(
      [true, false].map((primerInOutput) =>
        model.perform({ seed: 1, primer, primerInOutput, notes: 12, additional: true }),
      ),
    );
    expect(kept.notes.count).toBe(21);
    expect(left.notes.count).toBe(12);
    expect(Array.from(kept.notes.pitch).slice(9)).toEqual(Array.from(left.notes.pitch));
  });

  it("2.2.8 instruments are not made up: music of several is refused by name, and the rest is taken", async () => {
    const several = createPerformance({
      notes: [0, 1].map((instrument) => ({ start: 0, end: 1, pitch: 60, velocity: 80, instrument })),
      instruments: [0, 33].map((program, channel) => ({ name: "", program, isDrum: false, channel })),
    });
    const { platform } = await trainingPlatform({
      "in/duo.mid": midiBytes(several),
      "in/solo.mid": midiBytes(randomMusic(1, 30)),
    });
    const { report } = await prepare(platform, { source: "in", out: "corpus" });
    expect(report.taken.map(({ source }) => source)).toEqual(["solo.mid"]);
    expect(report.refused).toEqual([{ source: "duo.mid", why: expect.stringContaining("2 programs") }]);
  });
});

describe("its training", () => {
  it("2.2.2 passes, learning rate, schedule and kind of model are those that were asked for", async () => {
    const { platform } = await trainingPlatform();
    const set = ["schedule.name=constant"];
    const { stepsPerEpoch, standing, model } = await trainSmall(platform, {
      ...{ preset: "lstm", epochs: 2, steps: undefined, batchSize: 16, learningRate: 0.004, set },
    });
    expect(standing?.step).toBe(2 * stepsPerEpoch);
    expect(new Set(await curveOf(platform, "run", "train/learning_rate"))).toEqual(new Set([0.004]));
    expect([model, (await checkpointOf(platform, "run")).model.name]).toEqual(["lstm", "lstm"]);
  });
});
