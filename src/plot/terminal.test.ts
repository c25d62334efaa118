import { expect, test } from "vitest";
import { createPerformance, piano } from "../music/performance.ts";
import { terminalRoll } from "./terminal.ts";

/** C, E, G, C, the last two held, with the pedal down in the middle and soft to the end. */
const arpeggio = createPerformance({
  notes: [
    { start: 0, end: 1, pitch: 60, velocity: 40 },
    { start: 1, end: 2, pitch: 64, velocity: 60 },
    { start: 2, end: 4, pitch: 67, velocity: 80 },
    { start: 3, end: 4, pitch: 72, velocity: 100 },
  ],
  pedals: [
    { time: 1, controller: 64, value: 127 },
    { time: 3, controller: 64, value: 64 },
    { time: 3.5, controller: 64, value: 0 },
    { time: 3, controller: 67, value: 127 },
  ],
});

function show(lines: readonly string[]): string {
  return `\n${lines.join("\n")}\n`;
}

test("two pitches to a line, Cs with names, pedals and time below", () => {
  expect(show(terminalRoll(arpeggio, { width: 37 }))).toMatchInlineSnapshot(`
    "
      C5 ························▄▄▄▄▄▄▄▄


                         ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
                 ▄▄▄▄▄▄▄▄

      C4 ▄▄▄▄▄▄▄▄························

    Ped.         ████████████████▄▄▄▄
    Soft                         ████████
         ┴───────────────┴──────────────┴
        0 s             2 s           4 s
    "
  `);
});

test("how loud the notes are and how many, if that is asked for", () => {
  expect(terminalRoll(arpeggio, { width: 37, dynamics: true }).slice(8, 10)).toEqual([
    " vel ▃       ▄       ▅       ▆",
    " n/s █       █       █       █",
  ]);
});

test("a part of it, and fewer lines than pitches", () => {
  expect(show(terminalRoll(arpeggio, { width: 37, height: 2, from: 2, to: 3 }))).toMatchInlineSnapshot(`
    "
      C5 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
      C4 ································
    Ped. ████████████████████████████████
    Soft
         ┴───────────────┴──────────────┴
       2.0 s           2.5 s        3.0 s
    "
  `);
});

test("loudness in colours, the lower half as the ground of the upper", () => {
  const second = createPerformance({
    notes: [
      { start: 0, end: 0.5, pitch: 60, velocity: 100 },
      { start: 0, end: 1, pitch: 61, velocity: 20 },
      { start: 0, end: 1, pitch: 72, velocity: 64 },
    ],
  });
  const lines = terminalRoll(second, { width: 21, color: true });
  const row = lines.find((line) => line.includes("48;5"));
  expect(JSON.stringify(row)).toMatchInlineSnapshot(
    `""  C4 \\u001b[38;5;60;48;5;221m▀▀▀▀▀▀▀▀\\u001b[0m\\u001b[38;5;60m▀▀▀▀▀▀▀▀\\u001b[0m""`,
  );
  const sequence = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
  const halves = (line: string) => line.replace(sequence, "").replaceAll("▀", "█").trimEnd();
  expect(lines.map(halves)).toEqual(terminalRoll(second, { width: 21 }).map(halves));
});

const page = (count: number, end: number) =>
  createPerformance({
    notes: Array.from({ length: count }, (_, i) => {
      return { start: 0, end, pitch: i % 128, velocity: 1 + (i % 127), instrument: i % 2 };
    }),
    instruments: [piano, { ...piano, isDrum: true }],
  });

test.each([
  ["silence", createPerformance({ notes: [] })],
  ["one note", page(1, 0)],
  ["20,000 notes at once", page(20_000, 3)],
])("%s fits into the lines and columns that were given", (_, performance) => {
  for (const [width, height] of [
    [80, 24],
    [200, 60],
    [1, 1],
  ]) {
    const lines = terminalRoll(performance, { width, height });
    expect(lines.length).toBeLessThanOrEqual(height + 2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(21, width));
  }
});
