/** @file Playing along with what is given, by models that have learnt nothing: it stays as it is, whatever the model says. */
import { type MidiData, parseMidi } from "midi-file";
import { beforeAll, describe, expect, it } from "vitest";
import { performanceFromMidi, readMidi } from "../src/midi/index.ts";
import { createPerformance, type Instrument, notesOf, type Performance } from "../src/music/index.ts";
import type { Platform } from "../src/platform/platform.ts";
import { flatRepresentation, stepsOfFlat } from "../src/representations/index.ts";
import { accompanied, withAdded } from "../src/workflows/generate/accompany.ts";
import { type GenerateInput, generate } from "../src/workflows/generate/index.ts";
import { collect } from "../src/workflows/generate/music-model.ts";
import { openStage, type Playable, stepOf } from "../src/workflows/generate/stage.ts";
import { midiBytes, randomMusic } from "./fixtures/memory-corpus.ts";
import { countingRuntime, hearAll, playingPlatform, tinyPlayable } from "./fixtures/playing.ts";

const player = (name: string, program: number, channel: number, isDrum = false): Instrument => ({
  name,
  program,
  isDrum,
  channel,
});

/** Times on no grid, chords, repeated notes, a silence of seconds and a pedal. */
const melody = createPerformance({
  notes: [
    ...[...notesOf(randomMusic(5, 25))].map((note) => ({ ...note, instrument: 0 })),
    ...[0, 0.0031, 12.34567].flatMap((start) => [
      { start, end: start + 0.7, pitch: 60, velocity: 77 },
      { start, end: start + 0.2, pitch: 67, velocity: 3 },
    ]),
  ],
  pedals: [
    { time: 1.23456, controller: 64, value: 127 },
    { time: 2.5, controller: 64, value: 0 },
  ],
  instruments: [player("Tune", 24, 0)],
});

const kinds = [
  { model: "gru", config: { layers: 1, hiddenSize: 12 }, noise: 0.8, settings: {} },
  { model: "gru", config: { layers: 1, hiddenSize: 12 }, noise: 0.8, settings: { lead: 60, ahead: 1 } },
  {
    model: "transformer",
    config: { layers: 1, features: 16, heads: 2, hiddenSize: 16, reach: 24 },
    noise: 0.6,
    settings: { ahead: 2.5 },
  },
] as const;

const { runtime } = countingRuntime();
const rows = (performance: Performance, plays: (index: number) => boolean = () => true) =>
  [...notesOf(performance)].filter(({ instrument }) => plays(instrument));

describe.each(kinds)("with a random $model of multitrack $settings", (kind) => {
  let playable: Playable;
  beforeAll(async () => {
    playable = await tinyPlayable({ representation: "multitrack", ...kind });
  });

  async function along(given: Performance, programs?: string, seed = 1) {
    const { representation } = playable;
    const { ensemble } = representation;
    if (ensemble === undefined) throw new Error("multitrack has an ensemble");
    const stage = await openStage(runtime, playable, stepOf(playable, "float32"), {});
    const asked = accompanied(given, ensemble, programs);
    const request = { seed, accompanied: asked, mostTurns: 0 };
    const { tokens, finish } = await hearAll(stage.play(request));
    const { performance, added } = withAdded(asked, await collect(stage.play(request)), ensemble);
    await stage.dispose();
    return { asked, tokens, finish, performance, added, representation };
  }

  it.each([1, 2])(
    "what is given comes out to the last digit, and others beside it: seed %d",
    async (seed) => {
      const { performance, added } = await along(melody, undefined, seed);
      expect(performance.instruments[0]).toEqual(melody.instruments[0]);
      expect(rows(performance, (index) => index === 0)).toEqual(rows(melody));
      expect(performance.pedals).toEqual(melody.pedals);
      const others = rows(performance, (index) => index > 0);
      expect(others.length).toBeGreaterThan(10);
      expect(added.reduce((sum, { notes }) => sum + notes, 0)).toBe(others.length);
      expect(Math.abs(performance.duration - melody.duration)).toBeLessThan(0.005 + 1e-9);
      const lanes = performance.instruments.map(({ channel }) => channel);
      expect(new Set(lanes).size).toBe(lanes.length);
    },
  );

  it("the model hears all that is given where it stands, once, in a stream that the grammar allows", async () => {
    const { asked, tokens, representation } = await along(melody);
    const flat = flatRepresentation(representation);
    const grammar = flat.grammar("piece");
    for (const token of tokens) {
      expect(grammar.allowed()[token]).toBe(1);
      grammar.advance(token);
    }
    const heard = representation.decode(stepsOfFlat(representation.fields, tokens));
    const alone = representation.decode(representation.encode(asked.heard));
    const program = alone.instruments[0].program;
    expect(program).toBe(representation.ensemble?.lead);
    const ofLead = rows(
      heard,
      (index) => heard.instruments[index].program === program && !heard.instruments[index].isDrum,
    );
    const text = ({ start, end, pitch, velocity }: ReturnType<typeof rows>[number]) =>
      [start.toFixed(6), end.toFixed(6), pitch, velocity].join(" ");
    expect(ofLead.map(text)).toEqual(rows(alone).map(text));
  });

  it("only those join who are asked for, and time passes where nobody plays", async () => {
    const { performance, added } = await along(melody, "33, drums");
    expect(added.map(({ player: name }) => name)).toEqual(["Fingered Bass (33)", "Drums"]);
    expect(
      performance.instruments.slice(1).map(({ program, isDrum, channel }) => [program, isDrum, channel]),
    ).toEqual([
      [33, false, 1],
      [0, true, 9],
    ]);
    // Nobody but program 5, above which the one who leads stands on the same moment.
    expect((await along(melody, "5")).added.map(({ player: name }) => name)).toEqual([
      "Electric Piano 2 (5)",
    ]);
  });

  it("several who are given are heard as what they are", async () => {
    const band = createPerformance({
      notes: rows(randomMusic(8, 40)).map((note, i) => ({ ...note, instrument: i % 3 })),
      instruments: [player("A", 3, 4), player("B", 100, 5), player("C", 0, 9, true)],
    });
    const { performance, asked } = await along(band);
    expect(rows(performance, (index) => index < 3)).toEqual(rows(band));
    expect(performance.instruments.slice(0, 3)).toEqual(band.instruments);
    expect([3, 100, 128].map((program) => asked.players[program])).toEqual([0, 0, 0]);
    expect(asked.players[0]).toBe(1);
    expect(
      performance.instruments
        .slice(3)
        .some(({ program, isDrum }) => isDrum || program === 3 || program === 100),
    ).toBe(false);
  });

  it("is the same again, and as likely as what was drawn", async () => {
    const [first, again] = [await along(melody), await along(melody)];
    expect(again.tokens).toEqual(first.tokens);
    expect(first.finish.modelLogLikelihood).toBeLessThan(0);
  });
});

const files = {
  "duo.mid": midiBytes(
    createPerformance({
      notes: [
        ...rows(randomMusic(1, 20)),
        ...rows(randomMusic(2, 20)).map((note) => ({ ...note, instrument: 1 })),
      ],
      instruments: [player("Tune", 73, 3), player("Left", 0, 4)],
    }),
  ),
  "trio.mid": midiBytes(
    createPerformance({
      notes: rows(randomMusic(3, 40)).map((note, i) => ({ ...note, instrument: i % 3 })),
      instruments: [player("Tune", 73, 3), player("Left", 0, 4), player("Kit", 0, 9, true)],
    }),
  ),
  "drums.mid": midiBytes(
    createPerformance({ notes: rows(randomMusic(1, 20)), instruments: [player("Kit", 0, 9, true)] }),
  ),
  "silent.mid": midiBytes(createPerformance({ notes: [], duration: 1 })),
};
const models = {
  band: { representation: "multitrack", noise: 0.8, settings: { ahead: 0.5 } },
  piano: {},
};

describe("generate --accompany", () => {
  let platform: Platform;
  beforeAll(async () => {
    ({ platform } = await playingPlatform(models, files));
  });
  const make = (options: Omit<Partial<GenerateInput>, "seed">) =>
    generate(platform, { model: "band", seed: "1", output: "out.mid", ...options });
  const file = async () => platform.store.read("out.mid");

  it("writes a track for each player, with programs and channels, and drums on the tenth", async () => {
    const { pieces } = await make({ accompany: "duo.mid", accompanyTrack: "tune", programs: "0,40,drums" });
    const { tracks } = parseMidi(await file());
    const found = tracks.slice(1).map((track) => ({
      program: track.flatMap((event) => (event.type === "programChange" ? [event.programNumber] : [])),
      channels: [...new Set(track.flatMap((event) => (event.type === "noteOn" ? [event.channel] : [])))],
      notes: track.filter(({ type }) => type === "noteOn").length,
    }));
    const [tune, ...others] = found;
    expect(tune).toEqual({ program: [73], channels: [3], notes: 20 });
    expect(others.map(({ program, channels }) => [program, channels])).toEqual([
      [[0], [0]],
      [[40], [1]],
      [[0], [9]],
    ]);
    expect(pieces[0].added?.map(({ notes }) => notes)).toEqual(others.map(({ notes }) => notes));
    expect(pieces[0].notes).toBe(found.reduce((sum, { notes }) => sum + notes, 0));
  });

  it("keeps the given track on the file's grid of 1/960 s, and tells the command", async () => {
    await make({ accompany: "duo.mid", accompanyTrack: "2" });
    const written = performanceFromMidi(readMidi(await file()).file).performance;
    const given = performanceFromMidi(readMidi(files["duo.mid"]).file).performance;
    const left = written.instruments.findIndex(({ name }) => name === "Left");
    expect(rows(written, (index) => index === left).map(({ instrument: _, ...note }) => note)).toEqual(
      rows(given, (index) => index === 1).map(({ instrument: _, ...note }) => note),
    );
    const texts = new TextDecoder("latin1").decode(await file());
    expect(texts).toContain("--accompany duo.mid --accompany-track 2");
  });

  it.each([
    [{ model: "piano", accompany: "duo.mid" }, "found a model of `performance`, which plays one instrument"],
    [{ accompany: "silent.mid" }, "found no notes in silent.mid"],
    [
      { accompany: "duo.mid", accompanyTrack: "Bass" },
      'found no track "Bass" in duo.mid, expected one of 1 Tune, 2 Left',
    ],
    [{ accompany: "duo.mid", programs: "200" }, 'found --programs "200", expected General MIDI programs'],
    [{ accompany: "duo.mid", programs: "73" }, "found Flute (73) among --programs"],
    [{ accompany: "duo.mid", seconds: 4 }, "found --seconds beside --accompany"],
    [{ accompany: "duo.mid", primer: "duo.mid" }, "found --primer beside --accompany"],
    [{ programs: "33" }, "found --programs and nothing to accompany"],
    [{ model: "piano", primer: "drums.mid" }, "found nothing but drums in drums.mid"],
  ])("refuses %j in one sentence", async (options, sentence) => {
    await expect(make(options)).rejects.toThrow(sentence);
  });
});

describe("generate --primer with several players", () => {
  it("goes on, and writes a track for each with its program and channel", async () => {
    const { platform } = await playingPlatform(models, files);
    await generate(platform, {
      model: "band",
      seed: "2",
      output: "on.mid",
      primer: "trio.mid",
      notes: 60,
      additional: true,
    });
    const { tracks }: MidiData = parseMidi(await platform.store.read("on.mid"));
    const channelOf = new Map<string, number>();
    let notes = 0;
    for (const track of tracks.slice(1)) {
      const programs = track.flatMap((event) => (event.type === "programChange" ? [event] : []));
      const struck = track.flatMap((event) => (event.type === "noteOn" ? [event] : []));
      notes += struck.length;
      expect(programs).toHaveLength(1);
      expect(struck.every(({ channel }) => channel === programs[0].channel)).toBe(true);
      const name = track.flatMap((event) => (event.type === "trackName" ? [event.text] : []))[0];
      expect(programs[0].channel === 9).toBe(name === "Drums");
      channelOf.set(name, programs[0].channel);
    }
    expect(notes).toBe(100);
    expect([...channelOf.keys()]).toEqual(expect.arrayContaining(["Flute", "Acoustic Grand Piano", "Drums"]));
  });
});
