/** @file `rubato render` as people run it, and in a worker thread. `npm run build` comes first. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import wavefile from "wavefile";
import { midiFromPerformance, writeMidi } from "../src/midi/index.ts";
import { createPerformance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { pianoFor, soundTask } from "../src/workflows/render/index.ts";
import { requireBuild, rubatoIn } from "./fixtures/command.ts";

let folder = "";

const chord = createPerformance({
  notes: [60, 64, 67].map((pitch) => ({ start: 0, end: 1, pitch, velocity: 70 })),
  pedals: [
    { time: 0, controller: 64, value: 127 },
    { time: 1.5, controller: 64, value: 0 },
  ],
});

beforeAll(() => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), "rubato-render-"));
  writeFileSync(join(folder, "chord.mid"), writeMidi(midiFromPerformance(chord)));
});

afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

test("the command writes a WAV beside the input, under its own name alone", () => {
  const { code, out, err } = rubatoIn(folder, ["render", "chord.mid", "--sample-rate", "32000"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^wrote chord\.wav: 3 notes, \d\.\d s of sound in \d+\.\d s\n$/);
  expect(readdirSync(folder).sort()).toEqual(["chord.mid", "chord.wav"]);
  expect(new wavefile.WaveFile(readFileSync(join(folder, "chord.wav"))).fmt).toMatchObject({
    sampleRate: 32_000,
  });
});

test("the command says all of it as JSON", () => {
  const asked = ["--mp3", "chord.mp3", "--plot", "chord.png", "--transpose", "-12", "--json"];
  const { code, out } = rubatoIn(folder, ["render", "chord.mid", ...asked]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    wav: null,
    mp3: "chord.mp3",
    plot: "chord.png",
    notes: 3,
    limited: 0,
  });
  expect(readFileSync(join(folder, "chord.png")).subarray(1, 4).toString()).toBe("PNG");
});

test.each([
  [["--sample-rate", "44000"], "--sample-rate: found 44000; expected one of 48000, 44100, 32000, 22050"],
  [["--tempo", "0"], "--tempo: found 0"],
  [["--transpose", "1.5"], "--transpose: found 1.5"],
  [["--velocity-scale", "loud"], '--velocity-scale: found "loud"'],
  [["--wav", "chord.mp3"], "found --wav chord.mp3, expected a name that ends in .wav"],
])("misuse is one sentence: %j", (args, words) => {
  const { code, out, err } = rubatoIn(folder, ["render", "chord.mid", ...args]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^rubato: [^\n]+\n$/);
  expect(err).toContain(words);
});

test("a worker thread makes the same sound, and answers where it refuses", async () => {
  const here = nodePlatform();
  const url = new URL("../dist/workflows/render/task.js", import.meta.url);
  const pool = here.pool({ ...soundTask, url: fileURLToPath(url) }, 2);
  try {
    const options = { sampleRate: 22_050, gain: 0, reverb: 0.1 };
    const request = {
      performance: chord,
      piano: await pianoFor(here, chord),
      options,
      wav: true,
      mp3: false,
    };
    const [there, same] = [await pool.run(request), await soundTask.run(request)];
    expect(there).toEqual(same);
    expect(there).toMatchObject({ kind: "rendered", sound: { mp3: undefined, limited: 0 } });
    const silence = createPerformance({ notes: [] });
    expect(await pool.run({ ...request, performance: silence })).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("found music without notes"),
    });
  } finally {
    await pool.close();
  }
});
