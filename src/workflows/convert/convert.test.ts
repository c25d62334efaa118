import { describe, expect, test } from "vitest";
import { odeToJoy, preludeInC } from "../../../test/music/tunes.ts";
import { midiFromPerformance, readPerformance, writeMidi } from "../../midi/index.ts";
import { notesOf, type Performance } from "../../music/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { UserError } from "../../util/errors.ts";
import { inspect } from "../inspect/index.ts";
import { convert } from "./convert.ts";

const midiOf = (performance: Performance, title?: string) =>
  writeMidi(midiFromPerformance(performance, title === undefined ? {} : { title }));

const platform = () =>
  memoryPlatform({
    files: { "ode.mid": midiOf(odeToJoy), "prelude.mid": midiOf(preludeInC, "Prelude"), "notes.rmi": "MThd" },
  });

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error instanceof UserError ? `${error.exitCode}: ${error.message}` : "";
}

test("MIDI to MIDI keeps the music, and says what made it", async () => {
  const given = platform();
  const converted = await convert(given, { input: "prelude.mid", output: "clean.midi" });
  const written = readPerformance(await given.store.read("clean.midi"));
  const before = readPerformance(midiOf(preludeInC)).performance;
  expect([...notesOf(written.performance)]).toEqual([...notesOf(before)]);
  expect(written.performance.pedals).toEqual(before.pedals);
  expect(converted).toMatchObject({ from: "midi", to: "midi", notes: 128, tokens: null, warnings: [] });
  const found = await inspect(given, { path: "clean.midi" });
  expect(found.facts).toMatchObject({
    title: "Prelude",
    midi: { texts: ["Made by rubato convert from prelude.mid"] },
  });
});

test("through a representation one hears what it keeps", async () => {
  const given = platform();
  const converted = await convert(given, {
    input: "prelude.mid",
    output: "heard.mid",
    representation: "performance",
    set: ["velocityBins=0"],
  });
  expect(converted.tokens).toMatchObject({
    representation: "performance",
    config: { velocityBins: 0 },
    notesBefore: 128,
  });
  const { performance } = readPerformance(await given.store.read("heard.mid"));
  expect(new Set(Array.from(notesOf(performance), ({ velocity }) => velocity))).toEqual(new Set([100]));
  expect(performance.pedals.count).toBe(0);
  const found = await inspect(given, { path: "heard.mid" });
  expect(found.kind === "file" && found.facts.midi?.texts[0]).toMatch(
    /^Made by rubato convert from prelude.mid, through tokens of performance \{"velocityBins":0,/,
  );
});

test.each([".json", ".json.gz"])("NoteSequence and back is the same music: %s", async (ending) => {
  const given = platform();
  await convert(given, { input: "ode.mid", output: `ode${ending}` });
  await convert(given, { input: `ode${ending}`, output: "again.mid" });
  const [before, after] = [await given.store.read("ode.mid"), await given.store.read("again.mid")];
  expect([...notesOf(readPerformance(after).performance)]).toEqual([
    ...notesOf(readPerformance(before).performance),
  ]);
});

test.each([
  ["performance", undefined],
  ["notes", "notes"],
  ["multitrack", "multitrack"],
  ["pitches", "pitches"],
])("tokens as text: %s", async (name, representation) => {
  const given = platform();
  await convert(given, { input: "ode.mid", output: "ode.txt", representation });
  const text = new TextDecoder().decode(await given.store.read("ode.txt"));
  expect(text).toMatch(new RegExp(`^# rubato tokens ${name} \\{`));
  // Text to text stays in its representation; once through it, nothing more changes.
  await convert(given, { input: "ode.txt", output: "again.txt.gz" });
  await convert(given, { input: "again.txt.gz", output: "third.txt" });
  expect(new TextDecoder().decode(await given.store.read("third.txt"))).toBe(text);
});

test("what was mended on the way is told", async () => {
  const bytes = midiOf(odeToJoy);
  const given = memoryPlatform({ files: { "cut.mid": bytes.slice(0, bytes.length - 20) } });
  const { warnings } = await convert(given, { input: "cut.mid", output: "whole.mid" });
  expect(warnings.join("\n")).toContain("truncated");
  const again = await convert(given, { input: "whole.mid", output: "second.mid" });
  expect(again.warnings).toEqual([]);
});

describe("refused", () => {
  test.each([
    [
      { input: "ode.mid", output: "ode.wav" },
      "2: found ode.wav, whose name says no format of music, expected one of .mid .midi .json .txt",
    ],
    [
      { input: "ode", output: "ode.mid" },
      "2: found ode, whose name says no format of music, expected one of .mid .midi .kar .rmi .json .txt",
    ],
    [
      { input: "ode.mid", output: "ode.kar" },
      "2: found ode.kar, whose name can be read, but not written, expected one of .mid .midi .json .txt",
    ],
    [
      { input: "ode.mid", output: "./ode.mid" },
      "2: found ode.mid as input and as output, expected another name for the output",
    ],
    [
      { input: "ode.mid", output: "x.mid", set: ["a=1"] },
      "2: found --set without --representation, expected both: its options are what is set",
    ],
    [
      { input: "ode.mid", output: "x.mid", representation: "note" },
      '2: found representation "note", expected one of performance, performance-pedal, notes, note-tuple, multitrack, pitches, melody; did you mean "notes"?',
    ],
    [
      { input: "none.mid", output: "x.mid" },
      "1: Cannot read none.mid: there is no such file or folder; check the spelling of the path",
    ],
  ])("%j", async (options, message) => {
    const given = platform();
    expect(await messageOf(convert(given, options))).toBe(message);
    expect(await given.store.stat("x.mid")).toBeUndefined();
  });
});
