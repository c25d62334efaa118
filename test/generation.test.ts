/** @file Pieces by models that have learnt nothing: what holds of all music that is generated, whatever the model says. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventTable, Meter } from "../src/generation/index.ts";
import { notesOf, pedalsOf } from "../src/music/index.ts";
import { createMusicModel } from "../src/workflows/generate/index.ts";
import { collect } from "../src/workflows/generate/music-model.ts";
import {
  openStage,
  type Playable,
  type PlayRequest,
  type Stage,
  stepOf,
} from "../src/workflows/generate/stage.ts";
import { randomMusic } from "./fixtures/memory-corpus.ts";
import {
  countingRuntime,
  type Heard,
  hearAll,
  logLikelihood,
  playWith,
  tinyPlayable,
} from "./fixtures/playing.ts";

const kinds = [
  { model: "gru", config: { layers: 1, hiddenSize: 16 } },
  { model: "lstm", config: { layers: 2, hiddenSize: 8 }, representation: "performance-pedal" },
  { model: "transformer", config: { layers: 2, features: 16, heads: 2, hiddenSize: 16, reach: 24 } },
] as const;

const { runtime } = countingRuntime();

async function stageFor(playable: Playable): Promise<Stage> {
  return openStage(runtime, playable, stepOf(playable, "float32"), {});
}

describe.each(kinds)("music of a random $model", (kind) => {
  let playable: Playable;
  let stage: Stage;
  beforeAll(async () => {
    playable = await tinyPlayable(kind);
    stage = await stageFor(playable);
  });
  afterAll(() => stage.dispose());
  const hear = (request: PlayRequest) => hearAll(stage.play(request));

  it.each([1, 2, 3])(
    "is allowed by the grammar, hangs nowhere and is what its tokens decode to: seed %d",
    async (seed) => {
      const { tokens, notes, events, finish } = await hear({ seed, seconds: 12 });
      const { representation } = playable;
      const grammar = representation.grammar("piece");
      for (const token of tokens.slice(0, -1)) {
        expect(grammar.allowed()[token]).toBe(1);
        grammar.advance(token);
      }
      const decoded = representation.decode(Int32Array.from(tokens), { maximumNoteSeconds: 5 });
      const byPlace = (a: { start: number; pitch: number }, b: { start: number; pitch: number }) =>
        a.start - b.start || a.pitch - b.pitch;
      expect([...notes].sort(byPlace)).toEqual(
        [...notesOf(decoded)].map(({ instrument: _, ...note }) => note),
      );
      expect(finish).toMatchObject({ drawn: tokens.length, seconds: 12 });
      expect(notes[0].start).toBe(0);
      expectWhole(events, notes.length);
      for (const { start, end } of notes) {
        expect(end).toBeGreaterThan(start);
        expect(end - start).toBeLessThan(5 + 1e-9);
        expect(end).toBeLessThanOrEqual(12);
      }
      const moves = [...pedalsOf(decoded)].map(({ time, value }) => ({
        type: "pedal",
        time,
        isDown: value > 63,
      }));
      expect(events.filter(({ type }) => type === "pedal").slice(0, moves.length)).toEqual(moves);
    },
  );

  it("streams notes in the order of their onsets, and events in the order of time", async () => {
    const { notes, events } = await hear({ seed: 4, events: 400 });
    for (const [i, note] of notes.slice(1).entries())
      expect(note.start).toBeGreaterThanOrEqual(notes[i].start);
    for (const [i, event] of events.slice(1).entries())
      expect(event.time).toBeGreaterThanOrEqual(events[i].time);
  });

  it("has the length that was asked for, in seconds, events and notes", async () => {
    const table = eventTable(playable.representation);
    for (const [request, unit, amount] of [
      [{ seconds: 3.21 }, "seconds", 321],
      [{ events: 57 }, "events", 57],
      [{ notes: 23 }, "notes", 23],
    ] as const) {
      const { tokens, notes } = await hear({ seed: 5, ...request });
      expect(new Meter(table, tokens).of(unit)).toBe(amount);
      if (unit === "notes") expect(notes).toHaveLength(amount);
    }
  });

  it("skips no more than a second with any event", async () => {
    const { tokens } = await hear({ seed: 6, events: 500, temperature: 3 });
    const { steps } = eventTable(playable.representation);
    expect(Math.max(...tokens.map((token) => steps[token]))).toBeLessThanOrEqual(100);
  });

  it("repeats with its seed, and with no other", async () => {
    const [first, again, other, next] = await Promise.all(
      [{ seed: 7 }, { seed: "7" }, { seed: 8 }, { seed: 7, index: 1 }].map((request) =>
        hear({ ...request, events: 100 }),
      ),
    );
    expect(again).toEqual(first);
    expect(other.tokens).not.toEqual(first.tokens);
    expect(next.tokens).not.toEqual(first.tokens);
  });

  it("is told apart by temperature: entropy rises with it", async () => {
    const entropies: number[] = [];
    for (const temperature of [0.2, 1, 3]) {
      const { finish } = await hear({ seed: 9, events: 300, temperature });
      entropies.push(-finish.logLikelihood / finish.drawn);
    }
    expect(entropies[0]).toBeLessThan(entropies[1] - 0.1);
    expect(entropies[1]).toBeLessThan(entropies[2]);
  });

  it("may hang where the grammar is left out, and is still told whole", async () => {
    const { notes, events } = await hear({ seed: 10, events: 300, grammar: false });
    for (const { start, end } of notes) expect(end).toBeGreaterThan(start);
    expect(events.filter(({ type }) => type === "note-off").length).toBeGreaterThanOrEqual(notes.length);
  });

  it("by one beam of one branch is what is drawn without", async () => {
    const plain = await playWith(playable, undefined, 60);
    const beam = await playWith(playable, { beamSize: 1, branchFactor: 1, stepsPerIteration: 7 }, 60);
    expect(beam).toEqual(plain);
  });

  it("by several beams is likelier, and repeats", async () => {
    const plain = await playWith(playable, undefined, 60);
    const beams = { beamSize: 3, branchFactor: 3, stepsPerIteration: 4 };
    const searched = await playWith(playable, beams, 60);
    expect(searched.finish.logLikelihood).toBeGreaterThan(plain.finish.logLikelihood);
    expect(searched.tokens).toHaveLength(60);
    expect(await playWith(playable, beams, 60)).toEqual(searched);
  });

  it("is as likely as the model says of a whole window", async () => {
    const { tokens, finish } = await hear({ seed: 12, events: 40 });
    expect(finish.modelLogLikelihood).toBeCloseTo(await logLikelihood(playable, [355, ...tokens]), 2);
  });
});

/** Every note-on has one note-off, and the pedal is up in the end. */
function expectWhole(events: Heard["events"], notes: number): void {
  const sounding = new Map<number, number>();
  for (const event of events) {
    if (event.type === "pedal") continue;
    const before = sounding.get(event.pitch) ?? 0;
    expect(event.type === "note-on" || before > 0).toBe(true);
    sounding.set(event.pitch, before + (event.type === "note-on" ? 1 : -1));
  }
  expect([...sounding.values()].every((count) => count === 0)).toBe(true);
  expect(events.filter(({ type }) => type === "note-on")).toHaveLength(notes);
  expect(events.filter(({ type }) => type === "pedal").at(-1)).not.toMatchObject({ isDown: true });
}

describe("primers", () => {
  let playable: Playable;
  let stage: Stage;
  beforeAll(async () => {
    playable = await tinyPlayable();
    stage = await stageFor(playable);
  });
  afterAll(() => stage.dispose());
  const hear = (request: PlayRequest) => hearAll(stage.play(request));
  const music = randomMusic(3, 30);

  it("are heard as training heard them, pedal folded in, and stand at the beginning of the output", async () => {
    const { representation } = playable;
    const { tokens } = await hear({ seed: 1, primer: music, seconds: 5, additional: true });
    const encoded = representation.encode(music);
    expect(music.pedals.count).toBeGreaterThan(0);
    expect(tokens.slice(0, encoded.length)).toEqual([...encoded]);
  });

  it("of n notes appear with pitch, loudness and place, and are counted where lengths are in all", async () => {
    const { representation } = playable;
    const { notes } = await hear({ seed: 1, primer: music, primerNotes: 12, notes: 30 });
    expect(notes).toHaveLength(30);
    const given = [...notesOf(representation.normalise(music))].slice(0, 12);
    for (const [i, note] of given.entries()) {
      expect(notes[i].pitch).toBe(note.pitch);
      expect(Math.abs(notes[i].start - note.start)).toBeLessThanOrEqual(0.005 + 1e-9);
      expect(Math.abs(notes[i].velocity - note.velocity)).toBeLessThanOrEqual(2);
    }
    const more = await hear({ seed: 1, primer: music, primerNotes: 12, notes: 30, additional: true });
    expect(more.notes).toHaveLength(42);
  });

  it("left out of the output leave the music that follows them, from 0 s on", async () => {
    const request = { seed: 2, primer: music, primerSeconds: 2, seconds: 4 } as const;
    const within = await hear({ ...request, additional: true });
    const without = await hear({ ...request, primerInOutput: false });
    const later = within.notes.filter(({ start }) => start >= 2);
    expect(without.notes.length).toBeGreaterThan(2);
    expect(without.finish.seconds).toBe(4);
    expect(without.notes.map(({ pitch, velocity }) => [pitch, velocity])).toEqual(
      later.map(({ pitch, velocity }) => [pitch, velocity]),
    );
    for (const [i, { start, end }] of without.notes.entries()) {
      expect(start).toBeCloseTo(later[i].start - 2, 6);
      expect(end).toBeCloseTo(later[i].end - 2, 6);
    }
    expectWhole(without.events, without.notes.length);
  });

  it("that fill the piece are cut to their last part, and that is said", async () => {
    const notices: string[] = [];
    const notice = (sentence: string) => notices.push(sentence);
    const { notes, finish } = await hear({ seed: 3, primer: music, notes: 10, notice });
    expect(notes).toHaveLength(10);
    const last = [...notesOf(playable.representation.normalise(music))].slice(-5);
    expect(notes.slice(0, 5).map(({ pitch }) => pitch)).toEqual(last.map(({ pitch }) => pitch));
    expect(finish.drawn).toBeGreaterThan(5);
    expect(notices).toEqual([
      "the primer of 30 notes fills the 10 notes asked for: only its last 5 notes are kept (--additional keeps all of it)",
    ]);
  });

  it("change what follows", async () => {
    const [some, others] = await Promise.all(
      [music, randomMusic(4, 30)].map((primer) =>
        hear({ seed: 5, primer, primerInOutput: false, events: 50 }),
      ),
    );
    expect(some.tokens).not.toEqual(others.tokens);
  });

  it.each([
    [{ primerNotes: 3 }, "found a length of the primer and no primer"],
    [{ primer: music, primerNotes: 3, primerSeconds: 1 }, "found a primer's length in notes and in seconds"],
    [{ primer: randomMusic(1, 0) }, "found a primer without notes"],
    [{ seconds: 3, notes: 3 }, "found a length in seconds and notes"],
    [{ temperature: 0 }, "expected a number above 0"],
    [{ temperature: -1 }, "--greedy-ratio 1"],
  ] satisfies readonly (readonly [PlayRequest, string])[])("%j: one sentence", async (request, words) => {
    await expect(hear(request)).rejects.toThrow(words);
  });
});

describe("a model as a library has it", () => {
  it("streams notes, of which the whole piece is made", async () => {
    const model = createMusicModel(runtime, await tinyPlayable());
    const request = { seed: 1, seconds: 6 };
    const notes = [];
    for await (const note of model.generate(request)) notes.push(note);
    const whole = await model.perform(request);
    expect(whole.notes.count).toBe(notes.length);
    expect(whole.duration).toBe(Math.max(...notes.map(({ end }) => end)));
    const events = [];
    for await (const event of model.events(request)) events.push(event);
    expectWhole(events, notes.length);
  });

  it("leaves no session open: at the end, after a break, when it is aborted, and when it is refused", async () => {
    const counting = countingRuntime();
    const model = createMusicModel(counting.runtime, await tinyPlayable());
    await model.perform({ events: 5 });
    expect(counting.open()).toBe(0);
    for await (const _ of model.generate({ events: 1000 })) {
      expect(counting.open()).toBe(1);
      break;
    }
    expect(counting.open()).toBe(0);
    const controller = new AbortController();
    const attempt = async () => {
      for await (const _ of model.events({ events: 1000, signal: controller.signal })) {
        controller.abort(new Error("enough"));
      }
    };
    await expect(attempt()).rejects.toThrow("enough");
    expect(counting.open()).toBe(0);
    await expect(model.perform({ temperature: -1 })).rejects.toThrow("above 0");
    expect(counting.open()).toBe(0);
  });

  it("makes 10,000 events in the memory of 2,000", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const playable = await tinyPlayable();
    const stage = await stageFor(playable);
    const sizes: number[] = [];
    let count = 0;
    for await (const { tokens } of stage.play({ seed: 1, events: 10_000 })) {
      count += tokens.length;
      if (tokens.length > 0 && count % 2000 === 0) {
        collectGarbage();
        sizes.push(process.memoryUsage().heapUsed / 2 ** 20);
      }
    }
    await stage.dispose();
    expect(count).toBe(10_000);
    expect(sizes[4] - sizes[0]).toBeLessThan(2);
  });

  it("goes on past a transformer's reach, whatever the length", async () => {
    const stage = await stageFor(await tinyPlayable(kinds[2]));
    const performance = await collect(stage.play({ seed: 1, events: 600 }));
    await stage.dispose();
    expect(performance.notes.count).toBeGreaterThan(50);
  });
});
