/** @file Shares by bin: one filled as the ground, the others as steps over it. */
import { numberTicks } from "./axis.ts";
import { paperInk } from "./paper.ts";
import type { Colour, Item, Scene } from "./scene.ts";

export interface StepSeries {
  readonly name: string;
  /** One for each bin. */
  readonly shares: readonly number[];
  readonly colour: Colour;
  /** Thickness of the line; 1.6 if left out. */
  readonly width?: number;
}

export interface StepChart {
  readonly title: string;
  readonly xLabel: string;
  /** 0 is where the first bin begins, 1 where the second does. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly bins: number;
  readonly ground: StepSeries;
  /** The later over the earlier. */
  readonly lines: readonly StepSeries[];
  /** Pixels; 420 if left out. */
  readonly width?: number;
}

const left = 44;
const right = 10;
const top = 10;
const plotHeight = 140;
const bottom = top + plotHeight;
const height = bottom + 42;

export function stepChart(chart: StepChart): Scene {
  const { title, xLabel, ticks, bins, ground, lines, width = 420 } = chart;
  const all = [ground, ...lines];
  const most = Math.max(...all.flatMap(({ shares }) => shares)) || 1;
  const xOf = (at: number) => left + (at / bins) * (width - right - left);
  const yOf = (share: number) => bottom - (share / (1.04 * most)) * plotHeight;
  const rows = numberTicks({ from: 0, to: 104 * most }, 4).map(({ value, label }) => ({
    y: yOf(value / 100),
    label: `${label} %`,
  }));
  return {
    width,
    height,
    title,
    description: all.map((series) => describe(series, bins)).join(" "),
    background: paperInk.page,
    items: [
      ...filled(ground, xOf, yOf),
      ...rows.flatMap(({ y, label }): readonly Item[] => [
        { kind: "line", x1: left, x2: width - right, y1: y, y2: y, stroke: paperInk.line, opacity: 0.5 },
        { ...small, text: label, x: left - 6, y: y + 3.5, anchor: "end" },
      ]),
      { kind: "line", x1: left, x2: width - right, y1: bottom, y2: bottom, stroke: paperInk.mutedText },
      ...ticks.flatMap(({ at, label }): readonly Item[] => [
        { kind: "line", x1: xOf(at), x2: xOf(at), y1: bottom, y2: bottom + 4, stroke: paperInk.mutedText },
        { ...small, text: label, x: xOf(at), y: bottom + 16, anchor: "middle" },
      ]),
      { ...small, text: xLabel, x: width - right, y: bottom + 34, anchor: "end" },
      ...lines.map((series) => outline(series, xOf, yOf)),
    ],
  };
}

const small = { kind: "text", size: 10, fill: paperInk.mutedText } as const;

type Axis = (value: number) => number;

function filled({ shares, colour }: StepSeries, xOf: Axis, yOf: Axis): readonly Item[] {
  // Half a pixel wider, lest seams show between neighbours.
  return shares.flatMap((share, i): readonly Item[] => {
    const x = xOf(i);
    const [y, width] = [yOf(share), xOf(i + 1) - x + (i + 1 < shares.length ? 0.5 : 0)];
    return share > 0 ? [{ kind: "rect", x, y, width, height: bottom - y, fill: colour }] : [];
  });
}

function outline({ shares, colour, width = 1.6 }: StepSeries, xOf: Axis, yOf: Axis): Item {
  const points = shares.flatMap((share, i) => [xOf(i), yOf(share), xOf(i + 1), yOf(share)]);
  return { kind: "polyline", points, stroke: colour, width };
}

/** For whoever does not see the steps. */
function describe({ name, shares }: StepSeries, bins: number): string {
  const most = shares.indexOf(Math.max(...shares));
  return `${name}: most in bin ${most + 1} of ${bins}, ${(100 * shares[most]).toFixed(1)} %.`;
}
