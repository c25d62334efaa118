/** @file Estimates one below the other: a dot for each value, on a line as long as its interval. */
import { type Extent, extentOf, numberTicks } from "./axis.ts";
import { paperInk } from "./paper.ts";
import type { Colour, Item, Scene } from "./scene.ts";

export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly colour: Colour;
}

export interface IntervalChart {
  readonly title: string;
  /** Under the axis. */
  readonly xLabel: string;
  /** What the axis shows at least. */
  readonly extent: Extent;
  readonly rows: readonly IntervalRow[];
  /** Pixels; 760 if left out. */
  readonly width?: number;
}

const head = 10;
const rowHeight = 30;
const axisHeight = 46;
const right = 70;
const letter = 6.6;
const nameSize = 13;
const longestName = 28;

export function intervalChart({ title, xLabel, extent, rows, width = 760 }: IntervalChart): Scene {
  const names = rows.map(({ name }) => shorten(name));
  const left = 24 + Math.ceil(letter * Math.max(8, ...names.map((name) => name.length)));
  const bottom = head + rowHeight * rows.length;
  const x = extentOf([extent.from, extent.to, ...rows.flatMap(({ low, high }) => [low, high])]);
  const xOf = (value: number) => left + ((value - x.from) / (x.to - x.from)) * (width - right - left);
  return {
    width,
    height: bottom + axisHeight,
    title,
    description: rows
      .map(
        ({ name, value, low, high }) => `${name}: ${written(value)} (${written(low)} to ${written(high)}).`,
      )
      .join(" "),
    background: paperInk.page,
    items: [
      ...numberTicks(x, 10).flatMap(({ value, label }): readonly Item[] => [
        {
          kind: "line",
          x1: xOf(value),
          x2: xOf(value),
          y1: head,
          y2: bottom + 4,
          stroke: paperInk.faintLine,
        },
        { ...small, text: label, x: xOf(value), y: bottom + 18, anchor: "middle" },
      ]),
      { ...small, text: xLabel, x: width - right, y: bottom + 38, anchor: "end" },
      ...rows.flatMap((row, i) =>
        drawRow(row, names[i], { xOf, left, y: head + rowHeight * (i + 0.5), width }),
      ),
    ],
  };
}

const small = { kind: "text", size: 11, fill: paperInk.mutedText } as const;

interface Place {
  readonly xOf: (value: number) => number;
  readonly left: number;
  readonly y: number;
  readonly width: number;
}

function drawRow(
  { value, low, high, colour }: IntervalRow,
  name: string,
  { xOf, left, y, width }: Place,
): readonly Item[] {
  const end = (at: number): Item => ({
    kind: "line",
    x1: xOf(at),
    x2: xOf(at),
    y1: y - 5,
    y2: y + 5,
    stroke: colour,
    width: 1.5,
  });
  return [
    { kind: "text", text: name, x: left - 14, y: y + 4, size: nameSize, anchor: "end", fill: paperInk.text },
    { kind: "line", x1: xOf(low), x2: xOf(high), y1: y, y2: y, stroke: colour, width: 1.5 },
    end(low),
    end(high),
    { kind: "rect", x: xOf(value) - 4.5, y: y - 4.5, width: 9, height: 9, fill: colour },
    {
      kind: "text",
      text: written(value),
      x: width - 14,
      y: y + 4,
      size: nameSize,
      anchor: "end",
      fill: paperInk.text,
    },
  ];
}

const written = (value: number): string => value.toFixed(1);

/** Both ends of a name tell it from its neighbours. */
function shorten(name: string): string {
  if (name.length <= longestName) return name;
  return `${name.slice(0, longestName / 2)}…${name.slice(1 - longestName / 2)}`;
}
