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
  /** Whether it may run out of the frame at the top, so that one sees the others; how far is written there. */
  readonly mayLeave?: boolean;
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
  const most = highestOf(all);
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
      ...lines.flatMap((series) => outline(series, xOf, yOf)),
    ],
  };
}

const small = { kind: "text", size: 10, fill: paperInk.mutedText } as const;

/** What leaves the frame has to be higher than all others by half: a little more room costs nothing. */
function highestOf(all: readonly StepSeries[]): number {
  const highest = (series: readonly StepSeries[]) => Math.max(0, ...series.flatMap(({ shares }) => shares));
  const staying = highest(all.filter(({ mayLeave = false }) => !mayLeave));
  const whole = highest(all);
  return (whole > 1.5 * staying && staying > 0 ? 1.2 * staying : whole) || 1;
}

type Axis = (value: number) => number;

function filled({ shares, colour }: StepSeries, xOf: Axis, yOf: Axis): readonly Item[] {
  // Half a pixel wider, lest seams show between neighbours.
  return shares.flatMap((share, i): readonly Item[] => {
    const x = xOf(i);
    const [y, width] = [yOf(share), xOf(i + 1) - x + (i + 1 < shares.length ? 0.5 : 0)];
    return share > 0 ? [{ kind: "rect", x, y, width, height: bottom - y, fill: colour }] : [];
  });
}

function outline({ shares, colour, width = 1.6 }: StepSeries, xOf: Axis, yOf: Axis): readonly Item[] {
  const clipped = (share: number) => Math.max(top, yOf(share));
  const points = shares.flatMap((share, i) => [xOf(i), clipped(share), xOf(i + 1), clipped(share)]);
  const line: Item = { kind: "polyline", points, stroke: colour, width };
  const largest = shares.indexOf(Math.max(...shares));
  if (largest < 0 || yOf(shares[largest]) >= top) return [line];
  const anchor = largest < shares.length / 2 ? "start" : "end";
  const x = anchor === "start" ? xOf(largest + 1) + 4 : xOf(largest) - 4;
  const text = `up to ${(100 * shares[largest]).toFixed(0)} %`;
  return [line, { kind: "text", text, x, y: top + 9, size: 10, anchor, fill: colour }];
}

/** For whoever does not see the steps. */
function describe({ name, shares }: StepSeries, bins: number): string {
  const most = shares.indexOf(Math.max(...shares));
  return `${name}: most in bin ${most + 1} of ${bins}, ${(100 * shares[most]).toFixed(1)} %.`;
}
