/** @file The piano roll of a performance as lines of text: two pitches to a line, by the halves of a block. */

import {
  type Performance,
  softController,
  sostenutoController,
  sustainController,
} from "../music/performance.ts";
import { pitchName } from "../music/pitch.ts";
import { block } from "./bars.ts";
import { type Cell, plain, styled, unstyled } from "./cells.ts";
import { ansi256, noteColour } from "./colour.ts";
import { meanVelocities, onsetCounts, pedalDepth } from "./columns.ts";
import { pitchRangeOf } from "./keyboard.ts";
import { isWithin, type TimeSpan, timeSpanOf, timeTicks } from "./time.ts";

export interface TerminalRollOptions {
  /** Columns in all; 80 if left out. */
  readonly width?: number;
  /** Lines of notes at most; 24 if left out. Pedals and the time axis come below them. */
  readonly height?: number;
  /** Seconds; the whole performance if left out. */
  readonly from?: number;
  readonly to?: number;
  /** Whether a line each tells how many notes begin in a column, and how loud they are. */
  readonly dynamics?: boolean;
  /** Loudness in the 256 colours that terminals know, by escape sequences. */
  readonly color?: boolean;
}

/** Room for the names of pitches and pedals, and a blank. */
const gutter = 5;

interface Grid {
  /** Pitch at the top of the first row. */
  readonly highest: number;
  /** Pitches in a row: more than one if there are fewer rows than pitches. */
  readonly semitones: number;
  /** For each row and column the loudest velocity, plus 128 if it is a drum's; 0 where nothing sounds. */
  readonly rows: readonly Uint8Array[];
}

export function terminalRoll(performance: Performance, options: TerminalRollOptions = {}): readonly string[] {
  const { width = 80, height = 24, dynamics = false, color = false } = options;
  const span = timeSpanOf(performance, options);
  const columns = Math.max(16, Math.floor(width) - gutter);
  const grid = gridOf(performance, span, columns, Math.max(1, Math.floor(height)));
  const lines = [
    ...noteLines(grid, color),
    ...(dynamics ? dynamicsLines(performance, span, columns) : []),
    ...pedalLines(performance, span, columns),
    ...axisLines(span, columns),
  ];
  return lines.map(({ head, cells }) => `${head}${color ? styled(cells) : plain(cells)}`.trimEnd());
}

function gridOf(performance: Performance, span: TimeSpan, columns: number, height: number): Grid {
  const { notes, instruments, duration } = performance;
  const { lowest, highest } = pitchRangeOf(performance, span, { margin: 1, least: 12 });
  const semitones = Math.ceil((highest - lowest + 1) / (2 * height));
  const lines = Math.ceil((highest - lowest + 1) / (2 * semitones));
  const rows = Array.from({ length: 2 * lines }, () => new Uint8Array(columns));
  const columnOf = (seconds: number) => ((seconds - span.from) / (span.to - span.from)) * columns;
  for (let i = 0; i < notes.count; i++) {
    if (!isWithin(span, notes.start[i], notes.end[i], duration)) continue;
    const row = rows[Math.floor((highest - notes.pitch[i]) / semitones)];
    const drum = instruments[notes.instrument[i]].isDrum ? 128 : 0;
    const first = Math.min(columns - 1, Math.max(0, Math.floor(columnOf(notes.start[i]))));
    const end = Math.min(columns, Math.max(first + 1, Math.round(columnOf(notes.end[i]))));
    for (let column = first; column < end; column++) {
      if ((row[column] & 127) < notes.velocity[i]) row[column] = notes.velocity[i] + drum;
    }
  }
  return { highest, semitones, rows };
}

interface Line {
  /** What stands in the gutter, and fills it. */
  readonly head: string;
  readonly cells: readonly Cell[];
}

function headOf(name: string): string {
  return `${name.padStart(gutter - 1)} `;
}

/** Lines with a C are named, and dotted where nothing sounds. */
function noteLines({ highest, semitones, rows }: Grid, color: boolean): readonly Line[] {
  return Array.from({ length: rows.length / 2 }, (_, line) => {
    const top = highest - 2 * line * semitones;
    const c = top - (top % 12);
    const name = c > top - 2 * semitones && c >= 0 ? pitchName(c) : "";
    const empty = name === "" ? " " : "·";
    const lower = rows[2 * line + 1];
    const cells = Array.from(rows[2 * line], (upper, i) => noteCell(upper, lower[i], empty, color));
    return { head: headOf(name), cells };
  });
}

function noteCell(upper: number, lower: number, empty: string, color: boolean): Cell {
  if (upper === 0 && lower === 0) return { character: empty, style: empty === " " ? "" : "38;5;238" };
  if (lower === 0) return { character: "▀", style: `38;5;${colourOf(upper)}` };
  if (upper === 0) return { character: "▄", style: `38;5;${colourOf(lower)}` };
  // Without colours the two halves are one block; with them, the lower half is the ground of the upper.
  return { character: color ? "▀" : "█", style: `38;5;${colourOf(upper)};48;5;${colourOf(lower)}` };
}

function colourOf(cell: number): number {
  return ansi256(noteColour(cell & 127, cell > 127));
}

/** Density up to its highest, and loudness up to the loudest that MIDI has. */
function dynamicsLines(performance: Performance, span: TimeSpan, columns: number): readonly Line[] {
  const counts = onsetCounts(performance, span, columns);
  const most = Math.max(1, ...counts);
  const velocities = meanVelocities(performance, span, columns);
  return [
    {
      head: headOf("vel"),
      cells: velocities.map((velocity) => ({
        character: block(velocity / 127),
        style: velocity > 0 ? `38;5;${colourOf(Math.round(velocity))}` : "",
      })),
    },
    {
      head: headOf("n/s"),
      cells: counts.map((count) => ({ character: block(count / most), style: "38;5;246" })),
    },
  ];
}

const pedals = [
  { name: "Ped.", controller: sustainController },
  { name: "Sost", controller: sostenutoController },
  { name: "Soft", controller: softController },
] as const;

/** The depth of each pedal that is touched in the performance. */
function pedalLines(performance: Performance, span: TimeSpan, columns: number): readonly Line[] {
  return pedals.flatMap(({ name, controller }) => {
    const depths = pedalDepth(performance, controller, span, columns);
    if (depths === undefined) return [];
    return [
      { head: headOf(name), cells: depths.map((depth) => ({ character: block(depth), style: "38;5;73" })) },
    ];
  });
}

/** A rule with ticks, and under it their times, which may reach into the gutter. */
function axisLines(span: TimeSpan, columns: number): readonly Line[] {
  const rule = new Array<string>(columns).fill("─");
  const labels = new Array<string>(gutter + columns).fill(" ");
  let free = 0;
  for (const { seconds, label } of timeTicks(span, columns / 10)) {
    const column = Math.floor(((seconds - span.from) / (span.to - span.from)) * columns);
    rule[Math.min(columns - 1, column)] = "┴";
    const middle = gutter + column - Math.floor(label.length / 2);
    const first = Math.min(labels.length - label.length, middle);
    if (first < free) continue;
    labels.splice(first, label.length, ...label);
    free = first + label.length + 1;
  }
  return [
    { head: headOf(""), cells: rule.map(unstyled) },
    { head: labels.slice(0, gutter).join(""), cells: labels.slice(gutter).map(unstyled) },
  ];
}
