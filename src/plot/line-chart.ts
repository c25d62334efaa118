/** @file Lines over a common axis as a picture: panels one below the other, each with a legend and ticks of its own. */
import { type Extent, extentOf, numberTicks } from "./axis.ts";
import { ink, labelSize } from "./frame.ts";
import type { Item, Scene } from "./scene.ts";
import {
  describeSeries,
  headingOf,
  heightOf,
  type Panel,
  type Series,
  seriesColour,
  thinned,
} from "./series.ts";

export interface LineChart {
  readonly title: string;
  /** What the common axis counts, from 0. */
  readonly xLabel: string;
  readonly panels: readonly Panel[];
}

export interface LineChartOptions {
  /** Pixels; 960 if left out. */
  readonly width?: number;
}

/** A panel's place: the rectangle in which its lines are. */
interface Plot {
  readonly x: Extent;
  readonly y: Extent;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const gutter = 64;
const margin = 24;
const headHeight = 48;
const panelHeight = 260;
const panelGap = 22;
const axisHeight = 48;
const legendRow = 18;
const textSize = 12;
/** Room for a letter of the legend; few are wider. */
const letter = 7;
const swatch = 18;
const mostDots = 60;

type Point = readonly [x: number, y: number];

export function lineChart({ title, xLabel, panels }: LineChart, options: LineChartOptions = {}): Scene {
  const width = Math.max(400, Math.round(options.width ?? 960));
  const x = extentOf([0, ...panels.flatMap(({ series }) => series.flatMap((each) => each.x))]);
  const items: Item[] = [];
  let bottom = headHeight - panelGap;
  for (const panel of panels) {
    const legend = layOutLegend(panel, width - margin - gutter);
    const top = bottom + panelGap + legend.height;
    bottom = top + panelHeight;
    const y = heightOf(panel, 0.05);
    const plot: Plot = { x, y, left: gutter, right: width - margin, top, bottom };
    items.push(...legend.items(top - legend.height), ...drawGrid(plot));
    items.push(...panel.series.flatMap((series, i) => drawSeries(series, i, plot)));
  }
  return {
    width,
    height: bottom + axisHeight,
    title,
    description: panels
      .map(({ title: what, series }) => `${what}: ${series.map(describeSeries).join(" ")}`)
      .join(" "),
    background: ink.page,
    items: [
      { kind: "text", text: title, x: gutter, y: 30, size: 20, fill: ink.text },
      ...items,
      ...drawXLabels({ x, left: gutter, right: width - margin }, bottom, xLabel),
    ],
  };
}

const xOf = ({ x, left, right }: Pick<Plot, "x" | "left" | "right">, value: number) =>
  left + ((value - x.from) / (x.to - x.from)) * (right - left);
const yOf = ({ y, top, bottom }: Plot, value: number) =>
  bottom - ((value - y.from) / (y.to - y.from)) * (bottom - top);

/** The title of a panel, and its series' names in as many rows as they need. */
function layOutLegend(panel: Panel, width: number) {
  const title = headingOf(panel);
  let x = title.length * letter + 16;
  let row = 0;
  const places = panel.series.map(({ name }, i) => {
    const room = swatch + name.length * letter + 16;
    if (x > 0 && x + room > width) {
      x = 0;
      row++;
    }
    const place = { name, x: gutter + x, row, colour: seriesColour(i) };
    x += room;
    return place;
  });
  return {
    height: (row + 1) * legendRow + 6,
    items: (top: number): readonly Item[] => [
      { kind: "text", text: title, x: gutter, y: top + 12, size: textSize, fill: ink.text },
      ...places.flatMap(({ name, x: left, row: line, colour }): readonly Item[] => {
        const y = top + 12 + line * legendRow;
        return [
          { kind: "rect", x: left, y: y - 6, width: swatch - 6, height: 3, fill: colour },
          { kind: "text", text: name, x: left + swatch, y, size: textSize, fill: ink.mutedText },
        ];
      }),
    ],
  };
}

/** Ground, and lines at the ticks of both axes; the numbers of y at the left. */
function drawGrid(plot: Plot): readonly Item[] {
  const { left, right, top, bottom } = plot;
  const ground: Item = {
    kind: "rect",
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    fill: ink.panel,
  };
  const columns = xTicks(plot).map(({ value }): Item => {
    const x = Math.min(right - 1, Math.round(xOf(plot, value)));
    return { kind: "rect", x, y: top, width: 1, height: bottom - top, fill: ink.faintLine };
  });
  const rows = numberTicks(plot.y, (bottom - top) / 40).flatMap(({ value, label }): readonly Item[] => {
    const y = Math.min(bottom - 1, Math.round(yOf(plot, value)));
    return [
      { kind: "rect", x: left, y, width: right - left, height: 1, fill: ink.line },
      {
        kind: "text",
        text: label,
        x: left - 8,
        y: y + 4,
        size: labelSize,
        anchor: "end",
        fill: ink.mutedText,
      },
    ];
  });
  return [ground, ...columns, ...rows];
}

function xTicks({ x, left, right }: Pick<Plot, "x" | "left" | "right">) {
  return numberTicks(x, (right - left) / 90);
}

function drawXLabels(
  axis: Pick<Plot, "x" | "left" | "right">,
  bottom: number,
  name: string,
): readonly Item[] {
  const style = { kind: "text", size: labelSize, fill: ink.mutedText } as const;
  return [
    ...xTicks(axis).map(
      ({ value, label }): Item => ({
        ...style,
        text: label,
        x: Math.round(xOf(axis, value)),
        y: bottom + 16,
        anchor: "middle",
      }),
    ),
    { ...style, text: name, x: axis.right, y: bottom + 36, anchor: "end" },
  ];
}

/** Dots beside the line where points are few: between two of them nobody has measured. */
function drawSeries(series: Series, index: number, plot: Plot): readonly Item[] {
  const colour = seriesColour(index);
  const { x, y } = thinned(series, Math.floor(plot.right - plot.left));
  const points = x.map((at, i): Point => [xOf(plot, at), yOf(plot, y[i])]);
  const lines = piecesBelow(plot.top, points).map(
    (piece): Item => ({ kind: "polyline", points: piece.flat(), stroke: colour, width: 1.8 }),
  );
  const dots = points.filter(([, py]) => points.length <= mostDots && py >= plot.top);
  return [
    ...lines,
    ...dots.map(
      ([px, py]): Item => ({ kind: "rect", x: px - 2.5, y: py - 2.5, width: 5, height: 5, fill: colour }),
    ),
  ];
}

/** A line cut where it leaves the frame at the top, and where it has a gap. */
function piecesBelow(top: number, points: readonly Point[]): readonly (readonly Point[])[] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const end = () => {
    if (piece.length > 0) pieces.push(piece);
    piece = [];
  };
  points.forEach((point, i) => {
    const before = points[i - 1];
    const crosses =
      before !== undefined && before[1] < top !== point[1] < top && Number.isFinite(before[1] + point[1]);
    if (crosses) piece.push(crossing(top, before, point));
    // What is no number is not below anything.
    if (point[1] >= top) piece.push(point);
    else end();
  });
  end();
  return pieces;
}

function crossing(top: number, [x1, y1]: Point, [x2, y2]: Point): Point {
  return [x1 + ((top - y1) / (y2 - y1)) * (x2 - x1), top];
}
