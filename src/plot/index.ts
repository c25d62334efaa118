/** @module Pictures of music: piano rolls as SVG, as PNG, and as text for terminals. */
export { bars } from "./bars.ts";
export { noteColour } from "./colour.ts";
export { type PianoRollOptions, pianoRoll } from "./piano-roll.ts";
export { toPng } from "./png.ts";
export type { Colour, Item, Line, Polyline, Rect, Scene, Text } from "./scene.ts";
export { toSvg } from "./svg.ts";
export { type TerminalRollOptions, terminalRoll } from "./terminal.ts";
