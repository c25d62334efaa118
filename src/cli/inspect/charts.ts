/** @file Small charts of blocks, side by side: velocity, time between onsets, note length, polyphony, pitch classes. */
import type { Histogram } from "../../music/index.ts";
import { block } from "../../plot/bars.ts";
import { ansi256, noteColour } from "../../plot/colour.ts";
import type { Page } from "./page.ts";

/** Lines of equal width, the escape sequences aside. */
export interface Chart {
  readonly width: number;
  readonly lines: readonly string[];
}

/** Lines that bars are high. */
const height = 3;
const gap = 3;

interface ChartOptions {
  readonly title: string;
  readonly values: readonly number[];
  /** Columns of each bar, and blanks after it. */
  readonly bar?: readonly [columns: number, blanks: number];
  /** Under the bars: a text for each column at which one begins. */
  readonly axis: readonly (readonly [column: number, text: string])[];
  /** Colour of each bar. */
  readonly tint?: (index: number) => number;
}

export function chart(page: Page, { title, values, bar = [1, 0], axis, tint }: ChartOptions): Chart {
  const [columns, blanks] = bar;
  const most = Math.max(...values, 0);
  const labels = axisLine(axis);
  const width = Math.max(title.length, values.length * (columns + blanks) - blanks, labels.length);
  const rows = Array.from({ length: height }, (_, line) => {
    const cells = values.map((value, i) => {
      const cell = blockAt(most > 0 ? value / most : 0, height - 1 - line).repeat(columns);
      const painted = page.isColorful && cell.trim() !== "" ? paint(cell, tint?.(i) ?? plainTint) : cell;
      return painted;
    });
    return cells.join(" ".repeat(blanks)) + " ".repeat(width - values.length * (columns + blanks) + blanks);
  });
  return {
    width,
    lines: [page.color.dim(title.padEnd(width)), ...rows, page.color.dim(labels.padEnd(width))],
  };
}

const plainTint = 73;

/** What a bar shows in one of its lines, counted from below; what is not zero never vanishes. */
function blockAt(share: number, line: number): string {
  const filled = share * height - line;
  if (line === 0 && share > 0) return block(Math.min(1, Math.max(filled, 1 / 8)));
  return block(Math.min(1, filled < 1 / 16 ? 0 : filled));
}

function paint(text: string, tint: number): string {
  return `\u001b[38;5;${tint}m${text}\u001b[0m`;
}

/** Loudness in the colours of the piano roll. */
export function loudnessTint(velocity: number): number {
  return ansi256(noteColour(Math.min(127, Math.max(1, Math.round(velocity))), false));
}

function axisLine(axis: ChartOptions["axis"]): string {
  let line = "";
  for (const [column, text] of axis) line = `${line.padEnd(column)}${text}`;
  return line;
}

/** A histogram whose axis is labelled at some of its values. */
export function histogram(
  page: Page,
  title: string,
  { edges, counts }: Histogram,
  labels: readonly (readonly [value: number, text: string])[],
  tint?: (value: number) => number,
): Chart {
  const columnOf = (value: number) => {
    const bin = edges.findIndex((edge) => edge > value * (1 + 1e-9));
    return bin < 0 ? counts.length - 1 : Math.max(0, bin - 1);
  };
  return chart(page, {
    title,
    values: counts,
    axis: labels.map(([value, text]) => [columnOf(value), text]),
    ...(tint && { tint: (bin: number) => tint((edges[bin] + edges[bin + 1]) / 2) }),
  });
}

/** Charts in rows, as many beside one another as there is room for. */
export function arrange({ width }: Page, charts: readonly Chart[]): string[] {
  const rows: Chart[][] = [];
  let used = width;
  for (const each of charts) {
    if (used + gap + each.width > width) {
      rows.push([each]);
      used = 2 + each.width;
    } else {
      rows[rows.length - 1].push(each);
      used += gap + each.width;
    }
  }
  return rows.flatMap((row) => {
    const lines = Array.from({ length: height + 2 }, (_, line) =>
      `  ${row.map((each) => each.lines[line]).join(" ".repeat(gap))}`.trimEnd(),
    );
    return ["", ...lines];
  });
}
