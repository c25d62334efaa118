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
}

const gutter = 92;
const margin = 20;
const headHeight = 60;
const keysWidth = 28;
const rollHeight = 600;
const laneGap = 6;
const axisHeight = 34;

export function pianoRoll(performance: Performance, options: PianoRollOptions = {}): Scene {
  const width = Math.max(400, Math.round(options.width ?? 1600));
  const frame = { ...timeSpanOf(performance, options), left: gutter, right: width - margin };
  const rows = rowsOf(pitchRangeOf(performance, frame, 2), headHeight, rollHeight);
  const lanes = [velocityLane(performance), densityLane(performance), ...pedalLanes(performance)];
  const lanesTop = bottomOf(rows) + laneGap;
  const lanesBottom = lanes.reduce((y, lane) => y + lane.height + laneGap, lanesTop) - laneGap;
  const placed = placeLanes(lanes, lanesTop);
  return {
    width,
    height: lanesBottom + axisHeight,
    background: ink.page,
    items: [
      ...drawRows(frame, rows),
      ...placed.map(({ lane, top }) => panel(frame, lane, top)),
      ...drawTicks(frame, rows.top, lanesBottom),
      ...drawNotes(performance, frame, rows),
      ...drawKeys(rows, gutter - keysWidth - 2, gutter - 2),
      ...placed.flatMap(({ lane, top }) => [laneLabel(lane, top), ...lane.draw(frame, top)]),
      ...drawHead(performance, frame, options.title ?? ""),
    ],
  };
}

function placeLanes(lanes: readonly Lane[], top: number) {
  return lanes.map((lane) => {
    const place = { lane, top };
    top += lane.height + laneGap;
    return place;
  });
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

function panel({ left, right }: Frame, lane: Lane, top: number): Item {
  return { kind: "rect", x: left, y: top, width: right - left, height: lane.height, fill: ink.panel };
}

function laneLabel(lane: Lane, top: number): Item {
  const y = top + Math.round(lane.height / 2 + 3.5);
  return {
    kind: "text",
    text: lane.label,
    x: gutter - 10,
    y,
    size: labelSize,
    anchor: "end",
    fill: ink.mutedText,
  };
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
  const extent = whole
    ? clock(frame.to)
    : `${clock(frame.from, 1)} - ${clock(frame.to, 1)} of ${clock(duration)}`;
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
