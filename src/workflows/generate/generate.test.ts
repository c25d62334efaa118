/** @file `generate`: what is written, under which names, that it can be made again, and what is refused. */
import { describe, expect, it } from "vitest";
import { midiBytes, randomMusic } from "../../../test/fixtures/memory-corpus.ts";
import { playingPlatform } from "../../../test/fixtures/playing.ts";
import { performanceFromMidi, readMidi, tracksOf } from "../../midi/index.ts";
import { createPerformance, notesOf, type Performance } from "../../music/index.ts";
import { mostTurns } from "../../music/repetition.ts";
import { compactLibrary, encodeCompactIndex, LibraryBuilder } from "../../originality/index.ts";
import { createNodeRuntime } from "../../platform/node/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { StorageError } from "../../util/errors.ts";
import { decodeText } from "../../util/text.ts";
import { generate } from "./generate.ts";
import { type GenerateInput, generateSchema } from "./options.ts";

const files = {
  "song.mid": midiBytes(randomMusic(3, 40)),
  "silent.mid": midiBytes(createPerformance({ notes: [], duration: 1 })),
  "duo.mid": midiBytes(
    createPerformance({
      notes: [
        { start: 0, end: 1, pitch: 60, velocity: 80 },
        { start: 0, end: 1, pitch: 64, velocity: 80, instrument: 1 },
      ],
      instruments: [0, 40].map((program, channel) => ({ name: "", program, isDrum: false, channel })),
    }),
  ),
};

type Options = Omit<GenerateInput, "seed"> & { readonly seed?: string };
const make = async (options: Options = {}, platform?: Platform) => {
  const target = platform ?? (await playingPlatform({ piano: {} }, files)).platform;
  const generated = await generate(target, { seed: "1", seconds: 3, ...options });
  const bytes = await Promise.all(generated.pieces.map(({ midi }) => target.store.read(midi)));
  return { generated, bytes, platform: target };
};

const readBack = (bytes: Uint8Array): Performance => performanceFromMidi(readMidi(bytes).file).performance;

function textsOf(bytes: Uint8Array): readonly string[] {
  const [track] = tracksOf(readMidi(bytes).file);
  return [...track.payloads].flatMap(([i, payload]) =>
    track.status[i] === 0xff && track.data1[i] === 1 ? [decodeText(payload)] : [],
  );
}

describe("pieces", () => {
  it("are the same bytes with the same seed, whatever runs side by side and whatever they are called", async () => {
    const options = { samples: 4, temperature: 1.2 };
    const [alone, two, four] = await Promise.all([1, 2, 4].map((batch) => make({ ...options, batch })));
    const elsewhere = await make({ ...options, output: "there" });
    const { platform } = await playingPlatform();
    const inThreads = await make({ ...options, batch: 3 }, { ...platform, runtime: createNodeRuntime() });
    for (const other of [two, four, elsewhere, inThreads]) expect(other.bytes).toEqual(alone.bytes);
    expect(new Set(alone.bytes.map((bytes) => readBack(bytes).notes.pitch.toString())).size).toBe(4);
    const other = await make({ ...options, seed: "2" });
    expect(other.bytes[0]).not.toEqual(alone.bytes[0]);
  });

  it("neither go round in circles nor fall silent further than they may", async () => {
    const limits = [
      { longestRest: 0, mostTurns: 0 },
      { longestRest: 1, mostTurns: 2 },
    ];
    // Lively enough to fall into circles, where it is mostly the likeliest event that comes.
    const restless = async () => (await playingPlatform({ piano: { noise: 0.6 } })).platform;
    const [free, bound] = await Promise.all(
      limits.map(async (each) => make({ seconds: 60, greedyRatio: 0.98, ...each }, await restless())),
    );
    const figures = ({ bytes: [midi] }: typeof free) => {
      const { pitch, start } = readBack(midi).notes;
      const gaps = Array.from(start).map((time, i) => time - (i === 0 ? 0 : start[i - 1]));
      return { turns: mostTurns(pitch, 8), gap: Math.max(...gaps) };
    };
    expect(figures(free).turns).toBeGreaterThan(2);
    expect(figures(free).gap).toBeGreaterThan(1.02);
    expect(figures(bound).turns).toBe(2);
    expect(figures(bound).gap).toBeLessThan(1.02);
  });

  it("are the same music alone as among others", async () => {
    const [alone, among] = await Promise.all([1, 3].map((samples) => make({ samples })));
    expect([...notesOf(readBack(among.bytes[0]))]).toEqual([...notesOf(readBack(alone.bytes[0]))]);
  });

  it("say in the file how they came to be, and that command makes them again", async () => {
    const { bytes, generated } = await make({
      temperature: 0.8,
      topP: 0.95,
      primer: "song.mid",
      primerNotes: 4,
      seed: "77",
    });
    expect(textsOf(bytes[0])).toEqual([
      "Made by Rubato 0.0.0",
      `model piano, SHA-256 ${generated.fingerprint}`,
      "seed 77",
      "rubato generate --model piano --seed 77 --primer song.mid --seconds 3 --temperature 0.8 --top-p 0.95 --primer-notes 4",
    ]);
    expect(generated.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it("go into a folder by model, seed and number, or into the one file that is named", async () => {
    const { generated } = await make({ samples: 2 });
    expect(generated.pieces.map(({ midi }) => midi)).toEqual([
      "output/piano-1-1.mid",
      "output/piano-1-2.mid",
    ]);
    const named = await make({ output: "a/b.mid" });
    expect(named.generated.pieces.map(({ midi }) => midi)).toEqual(["a/b.mid"]);
    expect(named.generated).toMatchObject({
      model: "piano",
      seed: "1",
      length: "3 seconds in all",
      notices: [],
    });
  });

  it("are what the report says of them", async () => {
    const { generated, bytes } = await make({ notes: 9, seconds: undefined });
    const performance = readBack(bytes[0]);
    expect(performance.notes.count).toBe(9);
    expect(generated.pieces[0].notes).toBe(9);
    expect(generated.pieces[0].seconds).toBeCloseTo(performance.duration, 2);
    expect(generated.pieces[0].logLikelihood).toBeLessThan(0);
  });

  it("are looked up in what the model has heard, where an index lies beside it", async () => {
    const { generated, bytes, platform } = await make({ seconds: 20 });
    expect(generated.pieces[0].originality).toBeNull();
    const builder = new LibraryBuilder();
    builder.add("heard before", readBack(bytes[0]));
    const library = compactLibrary(builder.build());
    const index = encodeCompactIndex({ corpus: "memory", fingerprint: "", band: null, library });
    await platform.store.write("models/piano/originality.bin", index);
    const again = await make({ seconds: 20 }, platform);
    expect(again.bytes).toEqual(bytes);
    expect(again.generated.pieces[0].originality).toMatchObject({
      corpus: "memory",
      verdict: null,
      shares: [{ share: 1 }, { share: 1 }, { share: 1 }],
      longest: { piece: "heard before" },
    });
    const other = await make({ seconds: 20, seed: "2" }, platform);
    expect(other.generated.pieces[0].originality?.shares[2].share).toBe(0);
    const without = await make({ seconds: 20, originality: false }, platform);
    expect(without.generated.pieces[0].originality).toBeNull();
    await platform.store.write("models/piano/originality.bin", index.subarray(0, 99));
    await expect(make({}, platform)).rejects.toThrow(/^found a damaged file at .*originality.bin, expected/);
  });

  it("begin with a chord, a melody or a file", async () => {
    const chord = await make({ primerPitches: "C4, 64 67" });
    const notes = [...notesOf(readBack(chord.bytes[0]))];
    expect(notes.slice(0, 3).map(({ pitch, start }) => [pitch, start])).toEqual([
      [60, 0],
      [64, 0],
      [67, 0],
    ]);
    expect(notes[0].end).toBeCloseTo(0.5, 2);
    const melody = await make({ primerMelody: "[60,-2,62,-1,64]", seconds: 2 });
    const voice = [...notesOf(readBack(melody.bytes[0]))].slice(0, 3);
    expect(voice.map(({ pitch }) => pitch)).toEqual([60, 62, 64]);
    for (const [i, [start, end]] of [
      [0, 0.25],
      [0.25, 0.375],
      [0.5, 0.625],
    ].entries()) {
      expect(Math.abs(voice[i].start - start)).toBeLessThan(0.0101);
      expect(Math.abs(voice[i].end - end)).toBeLessThan(0.0101);
    }
    const file = await make({ primer: "song.mid", primerNotes: 5, additional: true });
    const given = [...notesOf(randomMusic(3, 40))].slice(0, 5);
    // Two of them begin within one step, and are sorted anew.
    const pitchesOf = (all: Iterable<{ readonly pitch: number }>) =>
      [...all].slice(0, 5).map(({ pitch }) => pitch);
    expect(pitchesOf(notesOf(readBack(file.bytes[0]))).sort()).toEqual(pitchesOf(given).sort());
  });

  it("are adjusted once they are made, and never before", async () => {
    const [plain, adjusted] = await Promise.all([
      make(),
      make({ tempo: 2, transpose: 12, velocityScale: 0.5 }),
    ]);
    const before = [...notesOf(readBack(plain.bytes[0]))];
    const after = [...notesOf(readBack(adjusted.bytes[0]))];
    expect(after).toHaveLength(before.length);
    expect(Math.max(...after.map(({ end }) => end))).toBeCloseTo(
      Math.max(...before.map(({ end }) => end)) / 2,
      2,
    );
    const loudness = (notes: typeof before) => notes.reduce((sum, { velocity }) => sum + velocity, 0);
    expect(loudness(after) / loudness(before)).toBeCloseTo(0.5, 1);
    expect(adjusted.generated.pieces[0].events).toBe(plain.generated.pieces[0].events);
  });

  it("have a picture where one is asked for, one each", async () => {
    const { platform } = await make({ samples: 2, plot: "roll.svg" });
    for (const path of ["roll-1.svg", "roll-2.svg"]) {
      expect(decodeText(await platform.store.read(path))).toMatch(/^<svg/);
    }
  });
});

describe("what goes wrong", () => {
  it("leaves the file that was there, and no session open", async () => {
    const { platform, openSessions } = await playingPlatform();
    await platform.store.write("old.mid", Uint8Array.of(1, 2, 3));
    const controller = new AbortController();
    const { report } = platform;
    const stopping: Platform = {
      ...platform,
      report: (event) => {
        report(event);
        if (event.done > 0) controller.abort(new Error("enough"));
      },
    };
    const options = { seed: 1, seconds: 60, output: "old.mid" };
    await expect(generate(stopping, options, { signal: controller.signal })).rejects.toThrow("enough");
    expect(await platform.store.read("old.mid")).toEqual(Uint8Array.of(1, 2, 3));
    expect(openSessions()).toBe(0);
  });

  it("with one piece lets those under way come to their end, and keeps them", async () => {
    const { platform, openSessions } = await playingPlatform();
    const full: Platform = {
      ...platform,
      store: {
        ...platform.store,
        async write(path, bytes) {
          if (path.endsWith("-2.mid")) throw new StorageError("the disk is full", path);
          await platform.store.write(path, bytes);
        },
      },
    };
    await expect(generate(full, { seed: 1, seconds: 2, samples: 9, batch: 2 })).rejects.toThrow(
      "the disk is full",
    );
    expect(openSessions()).toBe(0);
    const written = (await platform.store.list("output")).map(({ path }) => path);
    expect(written).toContain("piano-1-1.mid");
    expect(written.length).toBeLessThan(5);
  });

  it.each([
    [{ primer: "silent.mid" }, "found no notes in silent.mid, expected music: give another file"],
    [{ primer: "duo.mid" }, "found 2 programs (0, 40) in duo.mid, expected one"],
    [{ primer: "song.mid", primerPitches: "60" }, "found 2 primers"],
    [{ primerPitches: "60,200" }, 'found --primer-pitches "60,200"'],
    [{ seedNotes: "C4, H4" }, 'found --seed-notes "C4, H4", expected pitches from 0 to 127 or names'],
    [{ seedNotes: "60,62", primerMelody: "60" }, "found 2 primers"],
    [{ primerPitches: "" }, 'found --primer-pitches ""'],
    [{ primerMelody: "[-1,-2]" }, 'found --primer-melody "[-1,-2]"'],
    [{ output: "a.mid", samples: 2 }, "found --output a.mid for 2 pieces, expected a folder"],
    [{ plot: "roll.gif" }, "expected a name that ends in .svg or .png"],
    [{ wav: "sound.mp3" }, "found --wav sound.mp3, expected a name that ends in .wav"],
    [{ model: "paino" }, 'did you mean "piano"'],
    [{ device: "cuda" }, 'found no device "cuda"'],
    [{ events: 3 }, "found a length in seconds and events"],
  ] satisfies readonly (readonly [Options, string])[])("%j is one sentence", async (options, words) => {
    await expect(make(options)).rejects.toThrow(words);
  });

  it.each([
    [{ seed: "60,62,64" }, /--seed-notes "60,62,64", for a chord --primer-pitches/],
    [{ seed: "-1" }, /whole number/],
    [{ temperature: 0 }, /--greedy-ratio 1/],
    [{ temperature: -2 }, /--greedy-ratio 1/],
    [{ temperature: "hot" }, /--greedy-ratio 1/],
    [{ tempo: 0 }, /./],
  ])("%j is refused by its schema", (given, words) => {
    const [issue] = generateSchema.safeParse(given).error?.issues ?? [];
    expect(issue?.message).toMatch(words);
  });

  it("is told of a model whose weights hear controls that it does not name", async () => {
    const { platform } = await playingPlatform({
      piano: { config: { layers: 1, hiddenSize: 8, controls: 3 } },
    });
    await expect(make({}, platform)).rejects.toThrow("found a model of 3 control floats for controls of 0");
  });
});
