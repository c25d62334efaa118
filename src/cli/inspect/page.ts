/** @file The page that findings are laid out on: its width, its colours, and how things are written. */
import { clock } from "../../plot/time.ts";
import { plainText } from "../../util/text.ts";
import type { Colors, Context } from "../command.ts";
import { wrap } from "../wrap.ts";

export interface Page {
  /** Columns: wide enough to draw on, and no wider than one reads with ease. */
  readonly width: number;
  readonly color: Colors;
  readonly isColorful: boolean;
}

export function pageOf({ width, color, isColorful }: Context): Page {
  return { width: Math.min(100, Math.max(72, width)), color, isColorful };
}

const indent = "  ";
const labelWidth = 13;

/** A label and what is to be said; parts that do not fit on the line go on the next, and long ones on several. */
export function row({ width, color }: Page, label: string, parts: readonly string[]): string[] {
  const room = width - indent.length - labelWidth;
  const lines: string[] = [];
  for (const part of parts.map(plainText).filter((text) => text !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 < room) {
      lines[lines.length - 1] = `${last}, ${part}`;
      continue;
    }
    if (last !== undefined) lines[lines.length - 1] = `${last},`;
    lines.push(...wrap(part, room - 1, ""));
  }
  return lines.map((text, i) => `${indent}${color.dim((i === 0 ? label : "").padEnd(labelWidth))}${text}`);
}

/** Lines of their own beneath a heading. */
export function section({ color }: Page, heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", color.bold(heading), ...lines];
}

/** "3:31", or "12.4 s" where it is short. */
export function length(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : clock(seconds);
}

/** @example count(1, "note") → "1 note"; count(3150, "note") → "3,150 notes" */
export function count(number: number, unit: string): string {
  return `${number.toLocaleString("en")} ${unit}${number === 1 ? "" : "s"}`;
}

/** Whole percents, but never 0 for what is there, nor 100 for what is not all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "under 1 %";
  if (share < 1 && share > 0.99) return "over 99 %";
  return `${Math.round(share * 100)} %`;
}

/** The beginning and the end of a name that is too long: both tell it from its neighbours. */
export function shorten(name: string, width: number): string {
  const plain = plainText(name);
  if (plain.length <= width) return plain;
  const end = Math.ceil((width - 1) * 0.6);
  return `${plain.slice(0, width - 1 - end)}…${plain.slice(plain.length - end)}`;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A horizontal bar of a share of some columns. */
export function bar(share: number, columns: number): string {
  const whole = Math.max(share > 0 ? 1 : 0, Math.round(share * columns * 8));
  return "█".repeat(Math.floor(whole / 8)) + eighths[whole % 8];
}
