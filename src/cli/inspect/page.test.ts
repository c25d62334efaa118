import pico from "picocolors";
import { describe, expect, test } from "vitest";
import { odeToJoy, preludeInC } from "../../../test/music/tunes.ts";
import { midiFromPerformance, writeMidi } from "../../midi/index.ts";
import { createPerformance, type Performance } from "../../music/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { inspect } from "../../workflows/inspect/index.ts";
import { layOutFile } from "./file.ts";
import { layOutFolder } from "./folder.ts";
import { bar, length, type Page, percent, row, shorten } from "./page.ts";

const plainPage: Page = { width: 80, color: pico.createColors(false), isColorful: false };
const colourPage: Page = { width: 80, color: pico.createColors(true), isColorful: true };

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const withoutColour = (line: string) => line.replace(escapes, "");

const midiOf = (performance: Performance, title = "") =>
  writeMidi(midiFromPerformance(performance, { title, texts: ["for a test"] }));

async function fileIn(bytes: Uint8Array) {
  const found = await inspect(memoryPlatform({ files: { "tune.mid": bytes } }), { path: "tune.mid" });
  if (found.kind !== "file") throw new Error("found no file");
  return found;
}

test("a file on a page", async () => {
  const lines = layOutFile(plainPage, await fileIn(midiOf(preludeInC, "Prelude in C")));
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Prelude in C
    tune.mid

      Length       27.2 s, 128 notes
      Density      4.7 notes a second, up to 6.0 for 1.0 s
      Velocity     63 ± 5, from 52 to 71
      Held at once 2.6 notes on average, 3 at most
      Range        B3 to A5
      Key          C major by its notes (r = 0.72), next G major (0.60)
      Pedal        sustain down 99 % of the time, pressed 18 times a minute,
                   94 % of notes under it, half-pedalling recorded
      Played by    Piano (Acoustic Grand Piano) on channel 1, 128 notes
      File         MIDI format 1, 2 tracks, 480 ticks a quarter, 1,337 bytes
      Tempo        120 quarters a minute throughout
      Says         for a test

                                              ▄ ▄ ▄ ▄
                                                                ▄ ▄   ▄ ▄
                    ▄▄  ▄ ▄ ▄ ▄  ▄▄
           ▀▀  ▀ ▀                   ▀ ▀  ▀▀ ▀▀▀  ▀ ▀
                   ▀ ▀ ▀ ▀  ▀▀▀ ▀ ▀                    ▀▀▀ ▀ ▀  ▀ ▀  ▀ ▀
      C5 ·▀·▀··▀▀····················▀▀··▀·▀·······························▀·▀···▀·▀
                  ▄ ▄  ▄▄▄                   ▄ ▄ ▄ ▄  ▄ ▄  ▄▄
          ▄▄  ▄ ▄          ▄ ▄  ▄▄  ▄ ▄ ▄▄▄                    ▄ ▄  ▄▄▄▄   ▄ ▄  ▄ ▄
                                                      ▀▀  ▀ ▀
         ▀▀▀▀▀▀▀▀▀                  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀                     ▀ ▀  ▀▀▀▀
                  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀                  ▀▀▀▀▀▀▀▀▀▀▀▀▀▀ ▀▀▀▀▀
      C4 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀█▄▄▄▄▄▄▄▄▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀█▄▄▄▄▄▄▄▄▄▄▄█████▄█████

     vel ▃▄▄▄▃▄▄▄▄▄▄▄▄▃▄▄▄▄▄▄▄▄▃▄▄▄▃▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
     n/s █████▄████▄█████▄████▄████▄█████▄████▄████▄█████▄████▄▄█▄█▄█▄█▄█▄▄█▄█▄█▄█▄▄
    Ped. ▆███████▇▇███████▆▇███████▆████████▆████████▆████████▆██████████▆██████████
         ┴────────────┴─────────────┴─────────────┴─────────────┴────────────┴──────
        0 s          5 s          10 s          15 s          20 s         25 s
         one column is 363 ms; --from and --to look closer

      velocity                            pitch classes
                     █▆                   ██    ██    ▆▆       ██
                    ███                   ██    ██    ██       ██    ██
                  ▁▇███▇                  ██    ██    ██ ██ ▄▄ ██    ██    ▆▆
      1      32      64      96     127   C  C# D  D# E  F  F# G  G# A  A# B

      from onset to onset        how long notes are held    time by notes held
                    █                    █                              ███
                    █                    █                              ███
                    ██                   ██      █▃             ▄▄▄ ▄▄▄ ███
      5 ms     50 ms    0.5 s    20 ms   0.2 s    2 s       0   1   2   3   4   5+
    "
  `);
});

describe.each([72, 80, 100])("%i columns", (width) => {
  test("no line is wider, in colour or without, and both say the same", async () => {
    for (const performance of [preludeInC, odeToJoy, createPerformance({ notes: [] })]) {
      const found = await fileIn(midiOf(performance, "A title that goes on ".repeat(12)));
      const plain = layOutFile({ ...plainPage, width }, found);
      const colourful = layOutFile({ ...colourPage, width }, found);
      for (const line of plain) expect(line.length).toBeLessThanOrEqual(width);
      // With colour, the two halves of a block are told apart.
      const halves = (line: string) => withoutColour(line).replace(/█/g, "▀").trimEnd();
      expect(colourful.map(halves)).toEqual(plain.map(halves));
      expect(plain.join("")).not.toMatch(escapes);
    }
  });
});

test("what a file says cannot steer the terminal", async () => {
  const found = await fileIn(midiOf(odeToJoy, "\u001b[2J\u009b31mOde\n\u202eyoJ"));
  expect(found.facts.title).toBe("[2J 31mOde yoJ");
  const instruments = odeToJoy.instruments.map((each) => ({ ...each, name: "\u001b[31mred" }));
  const named = await fileIn(midiOf({ ...odeToJoy, instruments }));
  expect(layOutFile(plainPage, named).join("\n")).not.toContain("\u001b");
});

test("a folder of many files is cut to forty lines, the rest summed", async () => {
  const files = Array.from({ length: 45 }, (_, i) => [`songs/${100 + i}.mid`, midiOf(odeToJoy)]);
  const platform = memoryPlatform({ files: { ...Object.fromEntries(files), "songs/999.mid": "no music" } });
  const found = await inspect(platform, { path: "songs" });
  if (found.kind !== "folder") throw new Error("found no folder");
  const lines = layOutFolder(plainPage, found.facts);
  expect(lines.slice(0, 4)).toEqual([
    "songs",
    "",
    "file     notes   length  n/s  pedal  key",
    "100.mid     38   15.9 s  2.4   none  C major",
  ]);
  expect(lines[43]).toBe("and 6 more files: 190 notes, 1:20, 1 refused (--json lists every file)");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test("words", () => {
  expect([length(0), length(59.94), length(75), length(3661)]).toEqual([
    "0.0 s",
    "59.9 s",
    "1:15",
    "1:01:01",
  ]);
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]);
  expect(shorten("abcdefghij", 10)).toBe("abcdefghij");
  expect(shorten("abcdefghijk", 10)).toBe("abc…fghijk");
  expect([bar(0, 4), bar(0.001, 4), bar(0.5, 4), bar(1, 4)]).toEqual(["", "▏", "██", "████"]);
  expect(row({ ...plainPage, width: 40 }, "Key", ["one two three four", "five six seven"])).toEqual([
    "  Key          one two three four,",
    "               five six seven",
  ]);
});
