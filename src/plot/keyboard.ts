/** @file The keys at the left of a piano roll, and the rows of pitch behind its notes. */

import type { Performance } from "../music/performance.ts";
import { isBlackKey, pitchClass, pitchName } from "../music/pitch.ts";
import { type Frame, ink, labelSize } from "./frame.ts";
import type { Item } from "./scene.ts";
import { isWithin, type TimeSpan } from "./time.ts";

export interface PitchRange {
  readonly lowest: number;
  readonly highest: number;
}

/** Rows of pitch, from the top. */
export interface Rows extends PitchRange {
  readonly top: number;
  /** Whole pixels per pitch. */
  readonly rowHeight: number;
}

/** The pitches that sound in the span with `margin` around them, and `least` semitones from end to end. */
export function pitchRangeOf(
  { notes, duration }: Performance,
  span: TimeSpan,
  { margin, least }: { readonly margin: number; readonly least: number },
): PitchRange {
  let lowest = 127;
  let highest = 0;
  for (let i = 0; i < notes.count; i++) {
    if (!isWithin(span, notes.start[i], notes.end[i], duration)) continue;
    lowest = Math.min(lowest, notes.pitch[i]);
    highest = Math.max(highest, notes.pitch[i]);
  }
  if (lowest > highest) [lowest, highest] = [60, 60];
  const missing = Math.max(0, least - (highest - lowest + 2 * margin));
  return {
    lowest: Math.max(0, lowest - margin - Math.ceil(missing / 2)),
    highest: Math.min(127, highest + margin + Math.floor(missing / 2)),
  };
}

export function rowsOf(range: PitchRange, top: number, height: number): Rows {
  const count = range.highest - range.lowest + 1;
  return { ...range, top, rowHeight: Math.min(16, Math.max(4, Math.floor(height / count))) };
}

export function topOf({ highest, top, rowHeight }: Rows, pitch: number): number {
  return top + (highest - pitch) * rowHeight;
}

/** Below the lowest row. */
export function bottomOf(rows: Rows): number {
  return topOf(rows, rows.lowest) + rows.rowHeight;
}

/** Rows of black keys are darker; a line lies under every C, and a fainter one between E and F. */
export function drawRows({ left, right }: Frame, rows: Rows): readonly Item[] {
  const width = right - left;
  const height = bottomOf(rows) - rows.top;
  const items: Item[] = [{ kind: "rect", x: left, y: rows.top, width, height, fill: ink.panel }];
  for (let pitch = rows.lowest; pitch <= rows.highest; pitch++) {
    const y = topOf(rows, pitch);
    const under = { kind: "rect", x: left, y: y + rows.rowHeight - 1, width, height: 1 } as const;
    if (isBlackKey(pitch)) {
      items.push({ kind: "rect", x: left, y, width, height: rows.rowHeight, fill: ink.blackKeyRow });
    }
    if (pitchClass(pitch) === 0) items.push({ ...under, fill: ink.line });
    if (pitchClass(pitch) === 5) items.push({ ...under, fill: ink.faintLine });
  }
  return items;
}

/** Keys between x and `right`, with the names of the Cs before them. */
export function drawKeys(rows: Rows, x: number, right: number): readonly Item[] {
  const { top, rowHeight } = rows;
  const width = right - x;
  const height = bottomOf(rows) - top;
  const items: Item[] = [{ kind: "rect", x, y: top, width, height, fill: ink.ivory }];
  for (let pitch = rows.lowest; pitch <= rows.highest; pitch++) {
    const y = topOf(rows, pitch);
    if (isBlackKey(pitch)) {
      const middle = y + Math.floor(rowHeight / 2);
      items.push({ kind: "rect", x, y, width: Math.round(width * 0.6), height: rowHeight, fill: ink.ebony });
      items.push({ kind: "rect", x, y: middle, width, height: 1, fill: ink.ebony, opacity: 0.55 });
    } else if (pitch > rows.lowest && !isBlackKey(pitch - 1)) {
      const border = y + rowHeight - 1;
      items.push({ kind: "rect", x, y: border, width, height: 1, fill: ink.ebony, opacity: 0.55 });
    }
    if (pitchClass(pitch) === 0) {
      // Capitals are seven pixels high; middle C stands out.
      const baseline = y + Math.round(rowHeight / 2 + 3.5);
      const fill = pitch === 60 ? ink.text : ink.mutedText;
      items.push({
        kind: "text",
        text: pitchName(pitch),
        x: x - 6,
        y: baseline,
        size: labelSize,
        anchor: "end",
        fill,
      });
    }
  }
  return items;
}
