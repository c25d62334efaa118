/** @file Series of numbers to be drawn as lines, and the colours and marks that tell them apart. */
import { briefly, type Extent, extentOf, focusedExtentOf } from "./axis.ts";
import type { Colour } from "./scene.ts";

export interface Series {
  readonly name: string;
  /** Ascending. */
  readonly x: readonly number[];
  /** As many as `x`; the line has a gap where one is not finite. */
  readonly y: readonly number[];
}

/** Lines over the same x, with an axis of y of their own. */
export interface Panel {
  readonly title: string;
  /** Whether the frame may leave out the highest few points, so that one sees the others. */
  readonly focused?: boolean;
  readonly series: readonly Series[];
}

/** How far the axis of y reaches. */
export function heightOf({ series, focused = false }: Panel, margin = 0): Extent {
  const lists = series.map(({ y }) => y);
  return focused ? focusedExtentOf(lists, margin) : extentOf(lists.flat(), margin);
}

/** The title, and what the frame leaves out. */
export function headingOf(panel: Panel): string {
  const { to } = extentOf(panel.series.flatMap(({ y }) => y));
  return to > heightOf(panel, 0.05).to
    ? `${panel.title} (up to ${briefly(to)}, above the frame)`
    : panel.title;
}

/** How many series can be told apart. */
export const mostSeries = 8;

/**
 * Colours that the colour-blind tell apart, and that stand out on a dark page.
 * Source: Okabe and Ito 2008, "Color Universal Design", https://jfly.uni-koeln.de/color/.
 */
const colours: readonly Colour[] = [
  "#56b4e9",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#f0e442",
  "#d55e00",
  "#e8e8f0",
  "#0072b2",
];
const marks = ["•", "×", "+", "o", "*", "#", "▲", "■"];

export const seriesColour = (index: number): Colour => colours[index % mostSeries];
/** A character for terminals, for whoever sees no colours. */
export const seriesMark = (index: number): string => marks[index % mostSeries];

/** Series of at most `columns` points: the means of the points that fall into one column, where there are more. */
export function thinned(series: Series, columns: number): Series {
  if (series.x.length <= columns) return series;
  const size = series.x.length / columns;
  const mean = (values: readonly number[], column: number) => {
    const part = values.slice(Math.floor(column * size), Math.floor((column + 1) * size));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  };
  const all = Array.from({ length: columns }, (_, column) => column);
  return {
    name: series.name,
    x: all.map((column) => mean(series.x, column)),
    y: all.map((column) => mean(series.y, column)),
  };
}

/** A sentence for whoever does not see the line. */
export function describeSeries({ name, x, y }: Series): string {
  const finite = y.flatMap((value, i) => (Number.isFinite(value) ? [i] : []));
  const [first, last] = [finite.at(0), finite.at(-1)];
  if (first === undefined || last === undefined) return `${name} has no points.`;
  const least = finite.reduce((best, i) => (y[i] < y[best] ? i : best), first);
  const at = (i: number) => `${briefly(y[i])} at ${x[i].toLocaleString("en")}`;
  if (first === last) return `${name} is ${at(first)}.`;
  return `${name} goes from ${at(first)} to ${at(last)}; its lowest is ${at(least)}.`;
}
