import { MPEGDecoder } from "mpg123-decoder";
import { describe, expect, test } from "vitest";
import wavefile from "wavefile";
import { refusalOf } from "../../../test/fixtures/refusal.ts";
import { odeToJoy, preludeInC } from "../../../test/music/tunes.ts";
import { midiFromPerformance, writeMidi } from "../../midi/index.ts";
import { createPerformance, notesOf, type Performance } from "../../music/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { nodePlatform } from "../../platform/node/index.ts";
import { StorageError, UsageError, UserError } from "../../util/errors.ts";
import { render } from "./render.ts";

const midiOf = (performance: Performance) => writeMidi(midiFromPerformance(performance));

/** Four seconds of the prelude, so that few recordings are decoded. */
const beginning = createPerformance({ notes: [...notesOf(preludeInC)].filter(({ start }) => start < 4) });

const band = createPerformance({
  notes: [
    { start: 0, end: 1, pitch: 60, velocity: 80 },
    { start: 0, end: 1, pitch: 67, velocity: 80, instrument: 1 },
    { start: 0, end: 1, pitch: 36, velocity: 80, instrument: 2 },
    { start: 1, end: 2, pitch: 38, velocity: 80, instrument: 2 },
  ],
  instruments: [
    { name: "Piano", program: 0, isDrum: false, channel: 0 },
    { name: "Fiddle", program: 40, isDrum: false, channel: 1 },
    { name: "Drums", program: 0, isDrum: true, channel: 9 },
  ],
});

async function sentenceOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error instanceof UserError ? `${error.exitCode}: ${error.message}` : "";
}

const { readPackageFile } = nodePlatform();
const files = {
  "tunes/prelude.mid": midiOf(beginning),
  "ode.mid": midiOf(odeToJoy),
  "band.mid": midiOf(band),
  "silent.mid": midiOf(createPerformance({ notes: [] })),
  "notes.xyz": "?",
};
const platform = () => memoryPlatform({ files, readPackageFile });

const pathsOf = async ({ store }: ReturnType<typeof platform>) =>
  (await store.list(".")).map(({ path }) => path);

describe("render", () => {
  test("writes a WAV beside the input, and says what it did", async () => {
    const given = platform();
    const rendered = await render(given, { input: "tunes/prelude.mid" });
    expect(rendered).toMatchObject({
      ...{ wav: "tunes/prelude.wav", mp3: null, plot: null, notes: beginning.notes.count },
      ...{ sampleRate: 44_100, limited: 0, warnings: [] },
    });
    const file = new wavefile.WaveFile(await given.store.read("tunes/prelude.wav"));
    expect(file.fmt).toMatchObject({ audioFormat: 1, numChannels: 2, sampleRate: 44_100 });
    expect(file.toBuffer().length).toBe(44 + Math.round(rendered.seconds * 44_100) * 4);
    expect(rendered.seconds).toBeGreaterThan(beginning.duration);
    expect(given.events.at(-1)).toMatchObject({ stage: "play", done: rendered.notes, total: rendered.notes });
  });

  test("writes an MP3 and a picture where they are asked for, and no WAV that is not", async () => {
    const given = platform();
    const asked = { mp3: "out/ode.MP3", plot: "ode.svg", sampleRate: 22_050, tempo: 4 };
    const rendered = await render(given, { input: "ode.mid", ...asked });
    expect((await pathsOf(given)).filter((path) => !(path in files))).toEqual(["ode.svg", "out/ode.MP3"]);
    const decoder = new MPEGDecoder();
    await decoder.ready;
    const decoded = decoder.decode(await given.store.read("out/ode.MP3"));
    decoder.free();
    expect(decoded.sampleRate).toBe(22_050);
    expect(decoded.samplesDecoded / 22_050).toBeCloseTo(rendered.seconds, 0);
    expect(rendered.seconds).toBeLessThan(odeToJoy.duration / 4 + 3);
    expect(new TextDecoder().decode(await given.store.read("ode.svg"))).toContain("<svg");
  });

  test("gives the same bytes in two runs", async () => {
    const bytes = async () => {
      const given = platform();
      await render(given, { input: "tunes/prelude.mid" });
      return Buffer.from(await given.store.read("tunes/prelude.wav"));
    };
    expect((await bytes()).equals(await bytes())).toBe(true);
  });

  test("changes tempo, pitch and strength, and says where the range of MIDI ends", async () => {
    const given = platform();
    const input = "tunes/prelude.mid";
    const plain = await render(given, { input });
    const changed = await render(given, { input, wav: "b.wav", tempo: 2, transpose: 60, velocityScale: 0.5 });
    expect(plain.seconds - changed.seconds).toBeGreaterThan(beginning.duration / 2 - 1.5);
    expect(changed.peak).toBeLessThan(plain.peak - 6);
    expect(changed.warnings).toEqual([
      expect.stringMatching(/^\d+ notes would have left the range of MIDI, moved by octaves/),
    ]);
  });

  test("plays other instruments on the piano and leaves drums out, with one warning", async () => {
    const rendered = await render(platform(), { input: "band.mid" });
    expect(rendered.notes).toBe(2);
    expect(rendered.warnings).toEqual([
      "only a piano comes with this package; Violin: played on the piano; drums (2 notes): left out",
    ]);
  });
});

describe("what is refused, in one sentence, with nothing written", () => {
  test.each([
    [
      { input: "silent.mid" },
      "1: found music without notes, expected at least one note that a piano can play",
    ],
    [{ input: "none.mid" }, "1: Cannot read none.mid: there is no such file"],
    [{ input: "notes.xyz" }, "2: found notes.xyz, whose name says no format of music"],
    [{ input: "ode.mid", wav: "ode.aiff" }, "2: found --wav ode.aiff, expected a name that ends in .wav"],
    [{ input: "ode.mid", mp3: "ode.wav" }, "2: found --mp3 ode.wav, expected a name that ends in .mp3"],
    [{ input: "ode.mid", plot: "ode.pdf" }, "2: found --plot ode.pdf"],
  ])("%j", async (options, words) => {
    const given = platform();
    expect(await sentenceOf(render(given, options))).toContain(words);
    expect((await pathsOf(given)).sort()).toEqual(Object.keys(files).sort());
  });

  test("a piano that is not installed", async () => {
    const { message } = await refusalOf(
      readPackageFile("@audio-samples/piano-velocity3/audio/C4v3.ogg"),
      StorageError,
    );
    expect(message).toBe(
      "Cannot read @audio-samples/piano-velocity3/audio/C4v3.ogg: the package @audio-samples/piano-velocity3 is not installed here, or not whole; run `npm install`",
    );
    const { message: said } = await refusalOf(
      render(memoryPlatform({ files }), { input: "ode.mid" }),
      UsageError,
    );
    expect(said).toContain("The memory platform has no file @audio-samples/piano-velocity");
  });
});
