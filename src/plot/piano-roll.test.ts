import { decode } from "fast-png";
import { expect, test } from "vitest";
import { createPerformance, type Performance, piano } from "../music/performance.ts";
import { channelsOf, noteColour } from "./colour.ts";
import { type PianoRollOptions, pianoRoll, pianoRollSides } from "./piano-roll.ts";
import { toPng } from "./png.ts";
import type { Rect, Scene } from "./scene.ts";
import { toSvg } from "./svg.ts";

const oneNote = createPerformance({
  notes: [{ start: 1, end: 2, pitch: 60, velocity: 90 }],
  duration: 4,
});

function texts(performance: Performance, options?: PianoRollOptions): readonly string[] {
  return pianoRoll(performance, options).items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
}

test("a note has its colour at its place", () => {
  const scene = pianoRoll(oneNote);
  const { width, height, data } = decode(toPng(scene));
  expect([width, height]).toEqual([scene.width, scene.height]);
  expect(width).toBe(1600);
  const colourAt = (x: number, y: number) =>
    Array.from(data.slice(3 * (y * width + x), 3 * (y * width + x) + 3));
  // Time goes from 92 to 1580, so the note from 464 to 836; C4 is twelve rows of sixteen under the top at 60.
  const colour = [...channelsOf(noteColour(90, false))];
  const inside = [
    [464, 252],
    [650, 260],
    [834, 266],
  ];
  const outside = [
    [460, 260],
    [838, 260],
    [650, 250],
    [650, 268],
  ];
  for (const [x, y] of inside) expect(colourAt(x, y)).toEqual(colour);
  for (const [x, y] of outside) expect(colourAt(x, y)).not.toEqual(colour);
});

test("title, extent, Cs, lanes and times are written", () => {
  expect(texts(oneNote, { title: "Étude" })).toEqual([
    ...["0.0 s", "0.5 s", "1.0 s", "1.5 s", "2.0 s", "2.5 s", "3.0 s", "3.5 s", "4.0 s"],
    ...["C3", "C4", "C5"],
    ...["velocity", "notes/s", "max 2.0", "sustain"],
    ...["Étude", "1 note, 4.0 s", "velocity  1", "127"],
  ]);
});

test("only the notes and pitches of the part that is asked for are shown", () => {
  const performance = createPerformance({
    notes: [
      { start: 0, end: 1, pitch: 21, velocity: 60 },
      { start: 100, end: 101, pitch: 80, velocity: 60 },
    ],
  });
  expect(texts(performance).filter((text) => /^C\d$/.test(text))).toEqual(["C1", "C2", "C3", "C4", "C5"]);
  const part = texts(performance, { from: 99, to: 102 });
  expect(part.filter((text) => /^C\d$/.test(text))).toEqual(["C5", "C6"]);
  expect(part).toContain("1 note, 1:39.0 - 1:42.0 of 1:41");
});

test("pedals that are touched have lanes, and drums a legend", () => {
  const performance = createPerformance({
    notes: [{ start: 0, end: 1, pitch: 40, velocity: 60 }],
    pedals: [{ time: 0, controller: 67, value: 127 }],
    instruments: [{ ...piano, isDrum: true }],
  });
  expect(texts(performance)).toEqual(expect.arrayContaining(["sustain", "soft", "drums  1"]));
  expect(texts(performance)).not.toContain("sostenuto");
});

test("the sustain lane is filled while the pedal is down", () => {
  const scene = pianoRoll(
    createPerformance({
      notes: [],
      pedals: [
        { time: 1, controller: 64, value: 127 },
        { time: 3, controller: 64, value: 0 },
      ],
      duration: 4,
    }),
  );
  const filled = scene.items.filter((item) => item.kind === "rect" && item.fill === "#3f9e94");
  expect(filled).toMatchObject([{ x: 464, width: 744, height: 40 }]);
});

const page = (count: number, seconds: number) =>
  createPerformance({
    notes: Array.from({ length: count }, (_, i) => {
      const start = (i / count) * seconds;
      return { start, end: start + 0.2, pitch: i % 128, velocity: 1 + (i % 127) };
    }),
  });

test.each([
  ["silence", createPerformance({ notes: [] })],
  ["one note without length", createPerformance({ notes: [{ start: 0, end: 0, pitch: 0, velocity: 1 }] })],
  ["20,000 notes in ten minutes", page(20_000, 600)],
  ["20,000 notes at one instant", page(20_000, 0)],
])("%s: every number is finite, and every rectangle in the picture", (_, performance) => {
  for (const width of [1600, 500]) {
    const scene = pianoRoll(performance, { width, title: "A long title ".repeat(20) });
    const values = scene.items.flatMap((item) => Object.values(item).flat());
    expect(values.filter((value) => typeof value === "number" && !Number.isFinite(value))).toEqual([]);
    expect(scene.items.filter((item) => item.kind === "rect" && !isInside(item, scene))).toEqual([]);
    expect(toSvg(scene)).not.toMatch(/NaN|Infinity|undefined/);
  }
  expect(decode(toPng(pianoRoll(performance, { width: 500 }))).width).toBe(500);
});

function isInside(rect: Rect, { width, height }: Scene): boolean {
  const { x, y } = rect;
  return x >= 0 && y >= 0 && x + rect.width <= width && y + rect.height <= height;
}

test("a compact roll is low, with the same notes at the same places in time", () => {
  const rects = (scene: Scene) =>
    scene.items.flatMap((item) =>
      item.kind === "rect" && item.fill === noteColour(90, false) && item.width > 100 ? [item] : [],
    );
  const [whole, compact] = [pianoRoll(oneNote), pianoRoll(oneNote, { compact: true, title: "not shown" })];
  expect(compact.height).toBeLessThan(whole.height / 2);
  const [note] = rects(compact);
  expect([note.x, note.width]).toEqual([rects(whole)[0].x, rects(whole)[0].width]);
  const { left, right } = pianoRollSides;
  expect(note.x).toBe(left + (compact.width - left - right) / 4);
  expect(texts(oneNote, { compact: true, title: "not shown" })).not.toContain("not shown");
});
