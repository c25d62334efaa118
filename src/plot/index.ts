/** @module Pictures: piano rolls and charts as SVG, as PNG, and as text for terminals. */
export { bars } from "./bars.ts";
export { noteColour } from "./colour.ts";
export { type IntervalChart, intervalChart } from "./interval-chart.ts";
export { type LineChart, type LineChartOptions, lineChart } from "./line-chart.ts";
export { paperInk, paperSeriesColour } from "./paper.ts";
export { type PianoRollOptions, pianoRoll, pianoRollSides } from "./piano-roll.ts";
export { toPng } from "./png.ts";
export type { Colour, Item, Line, Polyline, Rect, Scene, Text } from "./scene.ts";
export { mostSeries, type Panel, type Series } from "./series.ts";
export { type StepChart, stepChart } from "./step-chart.ts";
export { toSvg } from "./svg.ts";
export { type TerminalRollOptions, terminalRoll } from "./terminal.ts";
export { type TerminalLinesOptions, terminalLines } from "./terminal-lines.ts";
