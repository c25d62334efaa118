/** @file Lines over a common axis as text: a mark in each column, which tells series apart without colours too. */
import { extentOf, numberTicks } from "./axis.ts";
import { type Cell, plain, styled, unstyled } from "./cells.ts";
import { ansi256 } from "./colour.ts";
import { headingOf, heightOf, type Panel, type Series, seriesColour, seriesMark } from "./series.ts";

export interface TerminalLinesOptions {
  /** Columns in all; 80 if left out. */
  readonly width?: number;
  /** Lines between the axes; 14 if left out. */
  readonly height?: number;
  readonly color?: boolean;
}

/** Room for the numbers of the axis, and a blank. */
const gutter = 9;

/** @param xLabel what the axis counts, from 0: "step". */
export function terminalLines(
  panel: Panel,
  xLabel: string,
  { width = 80, height = 14, color = false }: TerminalLinesOptions = {},
): readonly string[] {
  const { series } = panel;
  const columns = Math.max(20, Math.floor(width) - gutter - 1);
  const rows = Math.max(4, Math.floor(height));
  const x = extentOf([0, ...series.flatMap((each) => each.x)]);
  const y = heightOf(panel);
  const rowOf = (value: number) => Math.round(((y.to - value) / (y.to - y.from)) * (rows - 1));
  const columnOf = (value: number) => Math.round(((value - x.from) / (x.to - x.from)) * (columns - 1));
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => unstyled(" ")));
  series.forEach((each, i) => {
    const cell = cellOf(i);
    columnMeans(each, columns, columnOf).forEach((value, column) => {
      if (value !== undefined && value <= y.to) grid[rowOf(value)][column] = cell;
    });
  });
  const labels = new Map(numberTicks(y, rows / 3).map(({ value, label }) => [rowOf(value), label]));
  const join = (cells: readonly Cell[]) => (color ? styled(cells) : plain(cells));
  const legend = series.flatMap(({ name }, i) => [
    ...[..."   "].map(unstyled),
    cellOf(i),
    ...[..." ", ...name].map(unstyled),
  ]);
  return [
    `${headingOf(panel)}${join(legend)}`,
    ...grid.map((cells, row) =>
      `${head(labels.get(row))}${labels.has(row) ? "┤" : "│"}${join(cells)}`.trimEnd(),
    ),
    ...axisLines(x, columns, columnOf, xLabel),
  ];
}

function head(label = ""): string {
  return `${label.padStart(gutter - 1)} `;
}

function cellOf(index: number): Cell {
  return { character: seriesMark(index), style: `38;5;${ansi256(seriesColour(index))}` };
}

/** The mean of the points in each column; between two neighbouring points, the line between them. */
function columnMeans(
  { x, y }: Series,
  columns: number,
  columnOf: (value: number) => number,
): readonly (number | undefined)[] {
  const sums = new Array<number>(columns).fill(0);
  const counts = new Array<number>(columns).fill(0);
  const add = (column: number, value: number) => {
    sums[column] += value;
    counts[column]++;
  };
  y.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const column = columnOf(x[i]);
    add(column, value);
    const next = y[i + 1];
    if (next === undefined || !Number.isFinite(next)) return;
    const end = columnOf(x[i + 1]);
    for (let between = column + 1; between < end; between++) {
      add(between, value + ((next - value) * (between - column)) / (end - column));
    }
  });
  return sums.map((sum, column) => (counts[column] === 0 ? undefined : sum / counts[column]));
}

function axisLines(
  x: { readonly from: number; readonly to: number },
  columns: number,
  columnOf: (value: number) => number,
  name: string,
): readonly string[] {
  const rule = new Array<string>(columns).fill("─");
  const room = gutter + 1 + columns;
  const labels = new Array<string>(room).fill(" ");
  let free = 0;
  for (const { value, label } of numberTicks(x, columns / 12)) {
    const column = columnOf(value);
    rule[column] = "┴";
    const first = Math.min(room - label.length, gutter + 1 + column - Math.floor(label.length / 2));
    if (first < free) continue;
    labels.splice(first, label.length, ...label);
    free = first + label.length + 1;
  }
  return [`${head()}└${rule.join("")}`, labels.join("").trimEnd(), name.padStart(room)];
}
