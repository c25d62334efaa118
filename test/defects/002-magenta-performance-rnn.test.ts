/** @file What is wrong with Magenta's Performance RNN, and cannot happen here. Numbers are those of SYSTEMS 2.3. */
import { describe, expect, it } from "vitest";
import { augmentationSchema, createBatches, drawVariation } from "../../src/corpus/index.ts";
import { readPerformance } from "../../src/midi/index.ts";
import { createPerformance, notesOf, pedalsOf } from "../../src/music/index.ts";
import { openRepresentation, representations } from "../../src/representations/index.ts";
import type { Runtime } from "../../src/runtime/session.ts";
import { createRandom } from "../../src/util/random.ts";
import { createMusicModel, generate } from "../../src/workflows/index.ts";
import { memoryCorpus, midiBytes, randomMusic } from "../fixtures/memory-corpus.ts";
import { countingRuntime, playingPlatform, tinyPlayable } from "../fixtures/playing.ts";
import { listenersOf, lively, performance, playByHand } from "./by-hand.ts";

const empty = createPerformance({ notes: [] });
const note = (start: number, end: number, pitch = 60, velocity = 80) => ({ start, end, pitch, velocity });

describe("its corpus", () => {
  it("2.3.2 the whole of a half minute is learnt from, not its first 512 events", async () => {
    const dense = createPerformance({
      notes: Array.from({ length: 600 }, (_, i) => note(i / 20.5, i / 20.5 + 0.04, 30 + (i % 60))),
    });
    const { corpus } = await memoryCorpus({ "in/dense.mid": midiBytes(dense) }, { segments: 30 });
    const [{ length, segments }] = corpus.index.pieces;
    expect(segments).toEqual([length]);
    expect(length).toBeGreaterThan(2000);
    const options = { split: "train", rows: 2, steps: 200, order: "shuffled", seed: 1 } as const;
    let foretold = 0;
    for await (const { mask } of createBatches(corpus, options)) {
      foretold += mask.reduce((sum, each) => sum + each, 0);
    }
    expect(foretold).toBe(length - 1);
  });

  it("2.3.3 transpositions reach as far as they are told to, and drop nothing", () => {
    const third = augmentationSchema.parse({ lowestTransposition: -4, highestTransposition: 4 });
    const random = createRandom("thirds");
    const drawn = Array.from(
      { length: 300 },
      () => drawVariation(randomMusic(1, 9), third, random).transpose,
    );
    expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
    const highest = createPerformance({ notes: [note(0, 1, 126)] });
    const edge = Array.from({ length: 300 }, () => drawVariation(highest, third, random).transpose);
    expect(Math.max(...edge)).toBe(1);
  });
});

describe("its primers", () => {
  it("2.3.4 the pedal of a primer is folded in as training folds it", async () => {
    const bytes = midiBytes(randomMusic(5, 40));
    const { corpus } = await memoryCorpus({ "in/a.mid": bytes });
    const [tokens] = await corpus.tokens(corpus.index.pieces[0]);
    const heard: number[] = [];
    const model = createMusicModel(feeding(heard), await tinyPlayable());
    const { performance: primer } = readPerformance(bytes);
    expect(primer.pedals.count).toBeGreaterThan(2);
    await model.perform({ seed: 1, primer, events: 2, additional: true });
    expect(heard.slice(0, tokens.length)).toEqual([...tokens]);
  });

  it("2.3.4 a primer of several programs is refused aloud, and nothing is made instead", async () => {
    const duo = createPerformance({
      notes: [0, 1].map((instrument) => ({ ...note(0, 1), instrument })),
      instruments: [0, 40].map((program, channel) => ({ name: "", program, isDrum: false, channel })),
    });
    const { platform } = await playingPlatform({ piano: {} }, { "duo.mid": midiBytes(duo) });
    const attempt = generate(platform, { primer: "duo.mid", seed: 1 });
    await expect(attempt).rejects.toThrow("found 2 programs (0, 40) in duo.mid, expected one");
    expect(await platform.store.stat("output")).toBeUndefined();
  });

  it("2.3.5 the primer is left out of the output where that is asked for", async () => {
    const model = createMusicModel(countingRuntime().runtime, await tinyPlayable());
    const primer = createPerformance({ notes: [note(0, 0.4, 21), note(0.5, 1, 22)] });
    const request = { seed: 4, primer, events: 60 };
    const [whole, rest] = await Promise.all([
      model.perform({ ...request, additional: true }),
      model.perform({ ...request, primerInOutput: false }),
    ]);
    expect(Array.from(whole.notes.pitch).slice(0, 2)).toEqual([21, 22]);
    expect(Array.from(rest.notes.pitch)).toEqual(Array.from(whole.notes.pitch).slice(2));
  });
});

describe("its decoding", () => {
  it("2.3.6 loudness decodes to the middle of its class: it is off by 2 at the most, and by nothing on average", () => {
    const notes = Array.from({ length: 127 }, (_, i) => note(i, i + 0.5, 60, i + 1));
    const { velocity } = performance.decode(performance.encode(createPerformance({ notes }))).notes;
    const off = Array.from(velocity).map((each, i) => each - (i + 1));
    expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(Math.abs(off.reduce((sum, each) => sum + each, 0) / 127)).toBeLessThan(0.6);
  });

  it("2.3.6 where the pedal is kept, it comes out as CC64", () => {
    const kept = openRepresentation("performance-pedal");
    const music = createPerformance({
      notes: [note(0, 0.3)],
      pedals: [
        { time: 0.2, controller: 64, value: 90 },
        { time: 1.2, controller: 64, value: 10 },
      ],
    });
    const { performance: back } = readPerformance(midiBytes(kept.decode(kept.encode(music))));
    const moves = [...pedalsOf(back)].map(({ time, controller, value }) => [time, controller, value > 63]);
    expect(moves).toEqual([
      [expect.closeTo(0.2, 2), 64, true],
      [expect.closeTo(1.2, 2), 64, false],
    ]);
    expect(back.notes.end[0]).toBeCloseTo(0.3, 2);
  });

  it.each(Object.keys(representations))("2.3.7 %s is whole: music, and none, come back", (name) => {
    const representation = openRepresentation(name);
    expect(representation.decode(representation.encode(empty)).notes.count).toBe(0);
    const music = representation.normalise(randomMusic(2, 50));
    const once = representation.decode(representation.encode(music));
    expect(once.notes.count).toBe(music.notes.count);
    expect(representation.decode(representation.encode(once)).notes).toEqual(once.notes);
  });

  it("2.3.9 what is struck again while it sounds is there twice, and a note of a moment is a note", () => {
    const notes = [note(0, 2), note(1, 3), note(4, 4.003)];
    const back = [...notesOf(performance.decode(performance.encode(createPerformance({ notes }))))];
    expect(back.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [1, 3],
      [4, 4.01],
    ]);
    // Where the first is the last to end, a stream of events cannot say so; the representation `notes` can.
    const crossed = createPerformance({ notes: [note(0, 3), note(1, 2)] });
    const durations = openRepresentation("notes");
    const [first, second] = notesOf(durations.decode(durations.encode(crossed)));
    expect(first.end - first.start).toBeGreaterThan(2 * (second.end - second.start));
  });
});

describe("its generation", () => {
  it("2.3.8 a long piece costs one step for each event: nothing is heard twice", async () => {
    for (const amount of [500, 1000]) {
      const fed: number[] = [];
      await playByHand(listenersOf(lively, fed), { length: { unit: "events", amount } });
      expect(fed).toHaveLength(amount);
    }
  });

  it("2.3.8 what a transformer remembers does not grow past its reach", async () => {
    const sizes: number[] = [];
    const config = { layers: 1, features: 8, heads: 1, hiddenSize: 8, reach: 16 };
    const model = createMusicModel(feeding([], sizes), await tinyPlayable({ model: "transformer", config }));
    await model.perform({ seed: 1, events: 150 });
    expect(sizes.length).toBeGreaterThanOrEqual(150);
    expect(new Set(sizes.slice(20)).size).toBe(1);
  });

  it("2.3.9 a seed repeats a piece, and another seed is another piece", async () => {
    const model = createMusicModel(countingRuntime().runtime, await tinyPlayable());
    const [first, again, other] = await Promise.all(
      [5, 5, 6].map((seed) => model.perform({ seed, events: 60 })),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("2.3.12 performed music needs no metric grid: times are multiples of 10 ms and nothing coarser", async () => {
    const model = createMusicModel(countingRuntime().runtime, await tinyPlayable());
    const { notes } = await model.perform({ seed: 2, events: 200 });
    const steps = Array.from(notes.start).map((start) => Math.round(start * 100));
    for (const [i, start] of Array.from(notes.start).entries()) expect(start).toBeCloseTo(steps[i] / 100, 9);
    expect(new Set(steps.map((step) => step % 10)).size).toBe(10);
  });
});

/** ONNX Runtime, and every token and the size of every state that it is fed. */
function feeding(tokens: number[], sizes: number[] = []): Runtime {
  const { runtime } = countingRuntime();
  return {
    ...runtime,
    async open(model, options) {
      const session = await runtime.open(model, options);
      return {
        ...session,
        run(feeds, wanted) {
          const { tokens: given, ...states } = feeds;
          tokens.push(...Array.from(given.data, Number));
          sizes.push(Object.values(states).reduce((sum, { data }) => sum + data.length, 0));
          return session.run(feeds, wanted);
        },
      };
    },
  };
}
