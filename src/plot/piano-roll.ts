/** @file The piano roll of a performance as a picture: keys, notes by loudness, dynamics, density and pedals. */

import type { Performance } from "../music/performance.ts";
import { noteColour } from "./colour.ts";
import { type Frame, ink, type Lane, labelSize, xOf } from "./frame.ts";
import { bottomOf, drawKeys, drawRows, pitchRangeOf, type Rows, rowsOf, topOf } from "./keyboard.ts";
import { densityLane, pedalLanes, velocityLane } from "./lanes.ts";
import type { Item, Scene } from "./scene.ts";
import { clock, isWithin, timeSpanOf, timeTicks } from "./time.ts";

export interface PianoRollOptions {
  readonly title?: string;
  /** Pixels; 1600 if left out. */
  readonly width?: number;
  /** Seconds; the whole performance if left out. */
  readonly from?: number;
  readonly to?: number;
  /** Rows as low as can be and no lanes under them: for pages that show many. */
  readonly compact?: boolean;
}

const gutter = 92;
const margin = 20;
/** Pixels beside the time that is shown, for whoever lays something over a roll. */
export const pianoRollSides = { left: gutter, right: margin } as const;
const headHeight = 60;
/** Without a title. */
const compactHeadHeight = 40;
const keysWidth = 28;
const rollHeight = 600;
const compactRollHeight = 240;
const laneGap = 6;
const axisHeight = 34;

export function pianoRoll(performance: Performance, options: PianoRollOptions = {}): Scene {
  const { compact = false } = options;
  const width = Math.max(400, Math.round(options.width ?? 1600));
  const frame = { ...timeSpanOf(performance, options), left: gutter, right: width - margin };
  const range = pitchRangeOf(performance, frame, { margin: 2, least: 24 });
  const rows = compact
    ? rowsOf(range, compactHeadHeight, compactRollHeight)
    : rowsOf(range, headHeight, rollHeight);
  const lanes = compact
    ? []
    : [velocityLane(performance, frame), densityLane(performance, frame), ...pedalLanes(performance, frame)];
  const tops: number[] = [];
  let bottom = bottomOf(rows);
  for (const lane of lanes) {
    tops.push(bottom + laneGap);
    bottom += laneGap + lane.height;
  }
  return {
    width,
    height: bottom + axisHeight,
    background: ink.page,
    items: [
      ...drawRows(frame, rows),
      ...lanes.map((lane, i) => drawPanel(frame, lane, tops[i])),
      ...drawTicks(frame, rows.top, bottom),
      ...drawNotes(performance, frame, rows),
      ...drawKeys(rows, gutter - keysWidth - 2, gutter - 2),
      ...lanes.flatMap((lane, i) => [...drawLabel(lane, tops[i]), ...lane.draw(tops[i])]),
      ...drawHead(performance, frame, compact ? "" : (options.title ?? "")),
    ],
  };
}

function drawNotes({ notes, instruments, duration }: Performance, frame: Frame, rows: Rows): readonly Item[] {
  const items: Item[] = [];
  for (let i = 0; i < notes.count; i++) {
    if (!isWithin(frame, notes.start[i], notes.end[i], duration)) continue;
    const begin = Math.min(frame.right - 1, Math.max(frame.left, xOf(frame, notes.start[i])));
    const end = Math.min(frame.right, xOf(frame, notes.end[i]));
    // Where there is room, a little of the row shows between a note and its repetition.
    const width = Math.max(1, end - begin > 4 ? end - begin - 1 : end - begin);
    items.push({
      kind: "rect",
      x: begin,
      y: topOf(rows, notes.pitch[i]),
      width,
      height: rows.rowHeight - 1,
      fill: noteColour(notes.velocity[i], instruments[notes.instrument[i]].isDrum),
    });
  }
  return items;
}

function drawTicks(frame: Frame, top: number, bottom: number): readonly Item[] {
  return timeTicks(frame, (frame.right - frame.left) / 80).flatMap(({ seconds, label }): readonly Item[] => {
    const x = Math.min(frame.right - 1, Math.round(xOf(frame, seconds)));
    return [
      { kind: "rect", x, y: top, width: 1, height: bottom - top + 5, fill: ink.line, opacity: 0.6 },
      {
        kind: "text",
        text: label,
        x,
        y: bottom + 18,
        size: labelSize,
        anchor: "middle",
        fill: ink.mutedText,
      },
    ];
  });
}

function drawPanel({ left, right }: Frame, lane: Lane, top: number): Item {
  return { kind: "rect", x: left, y: top, width: right - left, height: lane.height, fill: ink.panel };
}

function drawLabel(lane: Lane, top: number): readonly Item[] {
  const lines = lane.detail === undefined ? [lane.label] : [lane.label, lane.detail];
  const first = top + Math.round(lane.height / 2 + 3.5 - 6 * (lines.length - 1));
  return lines.map((text, i): Item => {
    const place = { x: gutter - 10, y: first + 12 * i, size: labelSize } as const;
    return { kind: "text", text, ...place, anchor: "end", fill: ink.mutedText };
  });
}

/** Title and extent at the left; at the right, what the colours mean. */
function drawHead(performance: Performance, frame: Frame, title: string): readonly Item[] {
  const { notes, instruments, duration } = performance;
  let shown = 0;
  let drums = false;
  for (let i = 0; i < notes.count; i++) {
    if (!isWithin(frame, notes.start[i], notes.end[i], duration)) continue;
    shown++;
    drums ||= instruments[notes.instrument[i]].isDrum;
  }
  const whole = frame.from === 0 && frame.to >= duration;
  const length = duration < 60 ? `${duration.toFixed(1)} s` : clock(duration);
  const extent = whole ? length : `${clock(frame.from, 1)} - ${clock(frame.to, 1)} of ${length}`;
  const left = gutter - keysWidth - 2;
  const facts = `${shown} ${shown === 1 ? "note" : "notes"}, ${extent}`;
  return [
    {
      kind: "text",
      text: shorten(title, frame.right - left - 260),
      x: left,
      y: 28,
      size: 20,
      fill: ink.text,
    },
    { kind: "text", text: facts, x: left, y: title === "" ? 28 : 47, size: labelSize, fill: ink.mutedText },
    ...drawLegend(frame.right, 22, "velocity", false),
    ...(drums ? drawLegend(frame.right, 40, "drums", true) : []),
  ];
}

/** Two pixels for every fourth velocity. */
function drawLegend(right: number, y: number, label: string, isDrum: boolean): readonly Item[] {
  const left = right - 24 - 128;
  const text = (words: string, x: number, anchor: "start" | "end"): Item => {
    return { kind: "text", text: words, x, y: y + 8, size: labelSize, anchor, fill: ink.mutedText };
  };
  return [
    ...Array.from({ length: 32 }, (_, i): Item => {
      const fill = noteColour(4 * i + 2, isDrum);
      return { kind: "rect", x: left + 4 * i, y, width: 4, height: 9, fill };
    }),
    text(`${label}  1`, left - 6, "end"),
    text("127", right, "end"),
  ];
}

/** About what fits: letters of this size take up to twelve pixels. */
function shorten(title: string, width: number): string {
  const most = Math.max(8, Math.floor(width / 12));
  return title.length <= most ? title : `${title.slice(0, most - 3)}...`;
}
