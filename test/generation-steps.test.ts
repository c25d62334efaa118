/** @file Pieces of whole notes by models that have learnt nothing: what holds whatever the model says. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idiomOf, Meter, stepBefore } from "../src/generation/index.ts";
import { exportForward } from "../src/models/index.ts";
import { type Note, notesOf, type Performance } from "../src/music/index.ts";
import { openDirect } from "../src/platform/node/index.ts";
import { flatRepresentation } from "../src/representations/index.ts";
import { createRandom } from "../src/util/random.ts";
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
  { representation: "pitches", model: "gru", config: { layers: 1, hiddenSize: 12 }, noise: 1.5 },
  { representation: "notes", model: "lstm", config: { layers: 2, hiddenSize: 8 }, noise: 1.5 },
  {
    representation: "note-tuple",
    model: "lstm",
    config: { layers: 1, hiddenSize: 8, fields: [13, 77, 128, 32, 25, 40] },
    noise: 1.5,
  },
  {
    representation: "multitrack",
    model: "transformer",
    config: { layers: 1, features: 16, heads: 2, hiddenSize: 16, reach: 24 },
    noise: 0.6,
  },
  {
    representation: "multitrack",
    settings: { lead: 60, ahead: 1 },
    model: "gru",
    config: { layers: 1, hiddenSize: 8 },
    noise: 0.6,
  },
] as const;

const { runtime } = countingRuntime();

describe.each(kinds)("music of a random $model of $representation $settings", (kind) => {
  let playable: Playable;
  let stage: Stage;
  beforeAll(async () => {
    playable = await tinyPlayable(kind);
    stage = await openStage(runtime, playable, stepOf(playable, "float32"), {});
  });
  afterAll(() => stage.dispose());
  const hear = (request: PlayRequest) => hearAll(stage.play(request));
  const flat = () => flatRepresentation(playable.representation);

  it.each([1, 2])("is what its tokens decode to, which the grammar allows: seed %d", async (seed) => {
    const { tokens, notes, events, finish } = await hear({ seed, events: 900 });
    const grammar = flat().grammar("piece");
    for (const token of tokens) {
      expect(grammar.allowed()[token]).toBe(1);
      grammar.advance(token);
    }
    expect(tokens).toHaveLength(900);
    expectSame(notes, flat().decode(Int32Array.from(tokens), { maximumNoteSeconds: 5 }));
    expect(notes[0].start).toBe(0);
    expectWhole({ events, notes });
    // But for the beginning of the first step, where a piece begins with sound.
    expect(finish.drawn).toBeGreaterThanOrEqual(898);
  });

  it("streams notes in the order of their onsets, and events in the order of time, as they are drawn", async () => {
    let [onset, time, told] = [0, 0, 0];
    for await (const { notes, events } of stage.play({ seed: 3, events: 300 })) {
      for (const { start } of notes) {
        expect(start).toBeGreaterThan(onset - 1e-9);
        onset = start;
      }
      for (const event of events) {
        expect(event.time).toBeGreaterThan(time - 1e-6);
        time = event.time;
      }
      if (notes.length > 0) told++;
    }
    expect(told).toBeGreaterThan(10);
  });

  it("has the length that was asked for, in seconds, events and notes", async () => {
    const timed = await hear({ seed: 5, seconds: 7.5 });
    expect(timed.finish.seconds).toBe(7.5);
    expect(Math.max(...timed.notes.map(({ end }) => end))).toBeLessThanOrEqual(7.5);
    expect(new Meter(idiomOf(playable.representation).table, timed.tokens).steps).toBeGreaterThan(749.9);
    expectWhole(timed);
    expect((await hear({ seed: 5, events: 57 })).tokens).toHaveLength(57);
    expect((await hear({ seed: 5, notes: 23 })).notes).toHaveLength(23);
  });

  it("cuts notes that last too long", async () => {
    const longest = ({ notes }: Heard) => Math.max(...notes.map(({ start, end }) => end - start));
    const request = { seed: 6, notes: 60 };
    expect(longest(await hear({ ...request, maximumNoteSeconds: 100 }))).toBeGreaterThan(0.31);
    expect(longest(await hear({ ...request, maximumNoteSeconds: 0.3 }))).toBeCloseTo(0.3, 6);
  });

  it("repeats with its seed, and with no other", async () => {
    const [first, again, other, next] = await Promise.all(
      [{ seed: 7 }, { seed: "7" }, { seed: 8 }, { seed: 7, index: 1 }].map((request) =>
        hear({ ...request, events: 60 }),
      ),
    );
    expect(again).toEqual(first);
    expect(other.tokens).not.toEqual(first.tokens);
    expect(next.tokens).not.toEqual(first.tokens);
  });

  it("is told apart by temperature, and is the likeliest where it is greedy", async () => {
    const entropy = async (request: PlayRequest) => {
      const { finish } = await hear({ seed: 9, events: 200, ...request });
      return -finish.logLikelihood / finish.drawn;
    };
    expect(await entropy({ temperature: 0.2 })).toBeLessThan((await entropy({ temperature: 3 })) - 0.1);
    const [one, two] = [
      await hear({ seed: 1, notes: 9, topK: 1 }),
      await hear({ seed: 2, notes: 9, greedyRatio: 1 }),
    ];
    expect(two.tokens).toEqual(one.tokens);
  });

  it("without the grammar keeps the order of fields, and is still told whole", async () => {
    const { tokens, notes, events } = await hear({ seed: 10, events: 300, grammar: false });
    expectWhole({ events, notes });
    expectSame(notes, flat().decode(Int32Array.from(tokens), { maximumNoteSeconds: 5 }));
    const { fields } = playable.representation;
    expect(notes.length).toBeGreaterThan(fields.length === 1 ? 250 : 300 / fields.length - 40);
  });

  it("does not strike the same pitches as before where that is punished, nor run in circles, nor rest for long", async () => {
    const share = ({ notes }: Heard) => new Set(notes.map(({ pitch }) => pitch)).size / notes.length;
    const free = { seed: 11, notes: 60, temperature: 0.4, mostTurns: 0 };
    expect(share(await hear({ ...free, repetitionPenalty: 4 }))).toBeGreaterThan(share(await hear(free)));
    const { notes } = await hear({ seed: 12, notes: 60, longestRest: 1, temperature: 2 });
    for (const [i, { start }] of notes.slice(1).entries()) expect(start - notes[i].start).toBeLessThan(1.001);
  });

  it("keeps to a scale where it is asked to", async () => {
    const notices: string[] = [];
    const notice = (sentence: string) => notices.push(sentence);
    const { notes } = await hear({ seed: 13, notes: 60, scale: "C pentatonic", inScale: true, notice });
    for (const { pitch } of notes) expect([0, 2, 4, 7, 9]).toContain(pitch % 12);
    expect(notices).toEqual([]);
  });

  it("by one beam of one branch is what is drawn without, and by several is likelier", async () => {
    const plain = await playWith(playable, undefined, 40);
    expect(await playWith(playable, { beamSize: 1, branchFactor: 1, stepsPerIteration: 7 }, 40)).toEqual(
      plain,
    );
    const searched = await playWith(playable, { beamSize: 3, branchFactor: 3, stepsPerIteration: 4 }, 40);
    expect(searched.finish.logLikelihood).toBeGreaterThan(plain.finish.logLikelihood);
    expect(searched.tokens).toHaveLength(40);
  });

  it("is as likely as the model says of a whole window", async () => {
    const { tokens, finish } = await hear({ seed: 12, events: 40 });
    const { before } = idiomOf(playable.representation).opening(createRandom(0));
    const { model } = playable;
    const drawn = await (model.outcome.fields === 1 ? logLikelihood : stepLikelihood)(playable, [
      ...before,
      ...tokens,
    ]);
    expect(finish.modelLogLikelihood).toBeCloseTo(drawn, 2);
  });
});

describe.each(kinds)("primers of $representation $settings", (kind) => {
  let playable: Playable;
  let stage: Stage;
  beforeAll(async () => {
    playable = await tinyPlayable(kind);
    stage = await openStage(runtime, playable, stepOf(playable, "float32"), {});
  });
  afterAll(() => stage.dispose());
  const hear = (request: PlayRequest) => hearAll(stage.play(request));
  const music = randomMusic(3, 30);

  it("are heard as training heard them, and stand at the beginning of the output", async () => {
    const { representation } = playable;
    const { tokens, notes } = await hear({ seed: 1, primer: music, events: 50, additional: true });
    const encoded = flatRepresentation(representation).encode(music);
    expect(tokens.slice(0, encoded.length)).toEqual([...encoded]);
    expect(tokens).toHaveLength(encoded.length + 50);
    expectSame(notes.slice(0, 20), flatRepresentation(representation).decode(encoded), 20);
  });

  it("of n notes appear with pitch and place, and are counted where lengths are in all", async () => {
    const { representation } = playable;
    const { notes } = await hear({ seed: 1, primer: music, primerNotes: 12, notes: 30 });
    expect(notes).toHaveLength(30);
    const given = representation.encode(music).slice(0, 12 * representation.fields.length);
    expectSame(notes.slice(0, 12), representation.decode(given));
    const more = await hear({ seed: 1, primer: music, primerNotes: 12, notes: 30, additional: true });
    expect(more.notes).toHaveLength(42);
  });

  it("end before a time, and left out of the output leave what follows", async () => {
    const request = { seed: 2, primer: music, primerSeconds: 2, notes: 20 } as const;
    const within = await hear({ ...request, additional: true });
    const without = await hear({ ...request, primerInOutput: false });
    const early = [...notesOf(playable.representation.normalise(music))].filter(({ start }) => start < 1.9);
    const count = within.notes.length - without.notes.length;
    expect(count).toBeGreaterThanOrEqual(early.length);
    const later = within.notes.slice(count);
    const begins = later[0].start - without.notes[0].start;
    expect(without.notes).toHaveLength(20);
    expect(begins).toBeGreaterThan(1);
    for (const [i, note] of without.notes.entries()) {
      expect(note).toMatchObject({ pitch: later[i].pitch, velocity: later[i].velocity });
      expect(note.start).toBeCloseTo(later[i].start - begins, 6);
      expect(note.end).toBeCloseTo(later[i].end - begins, 6);
    }
    expectWhole(without);
  });

  it("that fill the piece are cut to their last part, and that is said", async () => {
    const notices: string[] = [];
    const notice = (sentence: string) => notices.push(sentence);
    const { notes } = await hear({ seed: 3, primer: music, notes: 10, notice });
    expect(notes).toHaveLength(10);
    const { representation } = playable;
    const all = [...notesOf(representation.decode(representation.encode(music)))].map(({ pitch }) => pitch);
    expect(notes.slice(0, 5).map(({ pitch }) => pitch)).toEqual(all.slice(-5));
    expect(notes[0].start).toBe(0);
    expect(notices).toEqual([
      `the primer of ${all.length} notes fills the 10 notes asked for: only its last 5 notes are kept (--additional keeps all of it)`,
    ]);
  });
});

it("players of several programs keep them, each on a lane of its own", async () => {
  const playable = await tinyPlayable(kinds[3]);
  const stage = await openStage(runtime, playable, stepOf(playable, "float32"), {});
  const { representation } = playable;
  const { tokens } = await hearAll(stage.play({ seed: 4, notes: 300 }));
  const performance = await collect(stage.play({ seed: 4, notes: 300 }));
  await stage.dispose();
  const decoded = flatRepresentation(representation).decode(Int32Array.from(tokens), {
    maximumNoteSeconds: 5,
  });
  expect(performance.instruments).toEqual(decoded.instruments);
  expect(performance.instruments.length).toBeGreaterThan(20);
  const byPlayer = ({ notes }: Performance) => Array.from(notes.instrument).sort((a, b) => a - b);
  expect(byPlayer(performance)).toEqual(byPlayer(decoded));
});

/** The same notes, but for what the last digits of times make of it. */
function expectSame(notes: Heard["notes"], decoded: Performance, count = decoded.notes.count): void {
  const text = ({ start, end, pitch, velocity }: Omit<Note, "instrument">) =>
    [start.toFixed(6), end.toFixed(6), pitch, velocity].join(" ");
  const wanted = [...notesOf(decoded)].slice(0, count).map(text);
  expect(notes.slice(0, wanted.length).map(text).sort()).toEqual(wanted.sort());
}

/** Every note-on has one note-off, later. */
function expectWhole({ events, notes }: Pick<Heard, "events" | "notes">): void {
  const sounding = new Map<string, number>();
  for (const event of events) {
    if (event.type === "pedal") throw new Error("there is no pedal");
    const key = `${event.pitch} ${event.player?.program} ${event.player?.isDrum}`;
    const before = sounding.get(key) ?? 0;
    expect(event.type === "note-on" || before > 0).toBe(true);
    sounding.set(key, before + (event.type === "note-on" ? 1 : -1));
  }
  expect([...sounding.values()].every((count) => count === 0)).toBe(true);
  expect(events.filter(({ type }) => type === "note-on")).toHaveLength(notes.length);
}

/**
 * The same of a model that foretells whole steps: each token by the softmax of its field alone. Of the first step what follows
 * a step before all is drawn, from its third token on; the last step is as far as it was drawn.
 */
async function stepLikelihood(
  { model, parameters, representation }: Playable,
  tokens: readonly number[],
): Promise<number> {
  const { fields, fieldSizes: sizes } = model.outcome;
  const starts = sizes.map((_, field) => sizes.slice(0, field).reduce((sum, size) => sum + size, 0));
  const plain = tokens.map((token, i) => token - starts[i % fields]);
  const whole = Math.floor(plain.length / fields);
  const run = async (steps: readonly number[]) => {
    const count = steps.length / fields;
    const graph = exportForward(model, parameters, { batch: 1, steps: count });
    const session = await openDirect(graph, { threads: 1 });
    const { logits } = await session.run({
      tokens: { type: "int32", shape: [1, count, fields], data: Int32Array.from(steps) },
    });
    await session.dispose();
    return Array.from(logits.data, Number);
  };
  const first = await run([...(stepBefore(representation) ?? [])]);
  const all = [...first, ...(await run(plain.slice(0, whole * fields)))];
  const width = sizes.reduce((sum, size) => sum + size, 0);
  return plain.reduce((sum, token, i) => {
    const [step, field] = [Math.floor(i / fields), i % fields];
    // Piece and step begin with a shift of no time, which is not drawn.
    if (i < 2) return sum;
    const from = step * width + starts[field];
    const row = all.slice(from, from + sizes[field]);
    return sum + row[token] - Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0));
  }, 0);
}
