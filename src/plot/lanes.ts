/** @file The lanes under a piano roll: the loudness of each note, how many begin, and the pedals. */

import {
  type Performance,
  softController,
  sostenutoController,
  sustainController,
} from "../music/performance.ts";
import { noteColour } from "./colour.ts";
import { onsetCounts, pedalDepth } from "./columns.ts";
import { type Frame, ink, type Lane, xOf } from "./frame.ts";
import type { Item } from "./scene.ts";
import { isWithin } from "./time.ts";

/** A dot for every note at the height of its velocity, on a stem where there is room for stems. */
export function velocityLane({ notes, instruments, duration }: Performance, frame: Frame): Lane {
  const height = 72;
  const onsets = Array.from({ length: notes.count }, (_, i) => i).filter(
    (i) => notes.start[i] >= frame.from && isWithin(frame, notes.start[i], notes.end[i], duration),
  );
  const hasRoom = onsets.length * 4 < frame.right - frame.left;
  const size = hasRoom ? 4 : 2;
  return {
    label: "velocity",
    height,
    draw(top) {
      const bottom = top + height;
      const yOf = (velocity: number) => bottom - (velocity / 128) * height;
      const items: Item[] = [32, 64, 96].map((velocity) => guide(frame, Math.round(yOf(velocity))));
      for (const i of onsets) {
        const x = xOf(frame, notes.start[i]);
        const y = yOf(notes.velocity[i]);
        const fill = noteColour(notes.velocity[i], instruments[notes.instrument[i]].isDrum);
        if (hasRoom) {
          items.push({ kind: "rect", x: x - 0.5, y, width: 1, height: bottom - y, fill, opacity: 0.45 });
        }
        items.push({ kind: "rect", x: x - size / 2, y: y - size / 2, width: size, height: size, fill });
      }
      return items;
    },
  };
}

/** Notes that begin per second, in steps of six pixels or more and of half a second or more. */
export function densityLane(performance: Performance, frame: Frame): Lane {
  const height = 44;
  const seconds = frame.to - frame.from;
  const bins = Math.max(1, Math.min(Math.floor((frame.right - frame.left) / 6), Math.floor(seconds * 2)));
  const rates = onsetCounts(performance, frame, bins).map((count) => (count * bins) / seconds);
  const most = Math.max(...rates);
  if (most === 0) return { label: "notes/s", height, draw: () => [] };
  return {
    label: "notes/s",
    detail: `max ${most < 10 ? most.toFixed(1) : Math.round(most)}`,
    height,
    draw(top) {
      const bottom = top + height;
      const edges = Array.from({ length: bins + 1 }, (_, i) => {
        // Whole pixels, lest seams show between neighbours.
        return Math.round(frame.left + (i / bins) * (frame.right - frame.left));
      });
      const tops = rates.map((rate) => bottom - (rate / most) * (height - 6));
      const outline = tops.flatMap((y, i) => [edges[i], y, edges[i + 1], y]);
      return [
        ...tops.map((y, i): Item => {
          const width = edges[i + 1] - edges[i];
          return { kind: "rect", x: edges[i], y, width, height: bottom - y, fill: ink.density, opacity: 0.3 };
        }),
        { kind: "polyline", points: outline, stroke: ink.density },
      ];
    },
  };
}

const pedals = [
  { label: "sustain", controller: sustainController, height: 40 },
  { label: "sostenuto", controller: sostenutoController, height: 14 },
  { label: "soft", controller: softController, height: 14 },
] as const;

/** A lane for each pedal that is touched in the performance, and always one for sustain. */
export function pedalLanes(performance: Performance, frame: Frame): readonly Lane[] {
  return pedals.flatMap(({ label, controller, height }) => {
    const depths = pedalDepth(performance, controller, frame, frame.right - frame.left);
    if (depths === undefined && controller !== sustainController) return [];
    const draw = (top: number) => [
      ...depthRects(depths ?? [], frame.left, top, height),
      guide(frame, top + Math.round(height / 2)),
    ];
    return [{ label, height, draw }];
  });
}

/** One rectangle for each run of columns of the same depth; brighter where the pedal counts as down. */
function depthRects(depths: readonly number[], left: number, top: number, height: number): readonly Item[] {
  const steps = depths.map((depth) => Math.round(depth * height * 2) / 2);
  const items: Item[] = [];
  for (let from = 0; from < steps.length; ) {
    let to = from + 1;
    while (to < steps.length && steps[to] === steps[from]) to++;
    const isDown = steps[from] >= height / 2;
    if (steps[from] > 0) {
      items.push({
        kind: "rect",
        x: left + from,
        y: top + height - steps[from],
        width: to - from,
        height: steps[from],
        fill: ink.pedal,
        opacity: isDown ? 0.9 : 0.45,
      });
    }
    from = to;
  }
  return items;
}

function guide({ left, right }: Frame, y: number): Item {
  return { kind: "rect", x: left, y, width: right - left, height: 1, fill: ink.line, opacity: 0.5 };
}
