/** @file The lanes under a piano roll: the loudness of each note, how many begin, and the pedals. */

import { type Performance, softController, sostenutoController, sustainController } from "../music/performance.ts";
import { noteColour } from "./colour.ts";
import { onsetCounts, pedalDepth } from "./columns.ts";
import { type Frame, ink, type Lane, labelSize, xOf } from "./frame.ts";
import type { Item } from "./scene.ts";
import { isWithin } from "./time.ts";

/** A dot for every note at the height of its velocity, on a stem where there is room for stems. */
export function velocityLane({ notes, instruments, duration }: Performance): Lane {
  const height = 72;
  return {
    label: "velocity",
    height,
    draw(frame, top) {
      const yOf = (velocity: number) => top + height - (velocity / 128) * height;
      const items: Item[] = [32, 64, 96].map((velocity) => guide(frame, Math.round(yOf(velocity))));
      const onsets = Array.from({ length: notes.count }, (_, i) => i).filter(
        (i) => notes.start[i] >= frame.from && isWithin(frame, notes.start[i], notes.end[i], duration),
      );
      const hasRoom = onsets.length * 4 < frame.right - frame.left;
      for (const i of onsets) {
        const x = xOf(frame, notes.start[i]);
        const y = yOf(notes.velocity[i]);
        const fill = noteColour(notes.velocity[i], instruments[notes.instrument[i]].isDrum);
        if (hasRoom) {
          items.push({ kind: "rect", x: x - 0.5, y, width: 1, height: top + height - y, fill, opacity: 0.45 });
        }
        const size = hasRoom ? 4 : 2;
        items.push({ kind: "rect", x: x - size / 2, y: y - size / 2, width: size, height: size, fill });
      }
      return items;
    },
  };
}

/** Notes that begin per second, in steps of six pixels or more and of half a second or more. */
export function densityLane(performance: Performance): Lane {
  const height = 44;
  return {
    label: "notes/s",
    height,
    draw(frame, top) {
      const seconds = frame.to - frame.from;
      const bins = Math.max(1, Math.min(Math.floor((frame.right - frame.left) / 6), Math.ceil(seconds * 2)));
      const rates = onsetCounts(performance, frame, bins).map((count) => (count * bins) / seconds);
      const most = Math.max(...rates);
      if (most === 0) return [];
      const width = (frame.right - frame.left) / bins;
      const bottom = top + height;
      const yOf = (rate: number) => bottom - (rate / most) * (height - 12);
      const outline = rates.flatMap((rate, i) => {
        const x = frame.left + i * width;
        return [x, yOf(rate), x + width, yOf(rate)];
      });
      return [
        ...rates.map((rate, i): Item => {
          const y = yOf(rate);
          // Whole pixels, lest seams show between neighbours.
          const x = Math.round(frame.left + i * width);
          const right = Math.round(frame.left + (i + 1) * width);
          return { kind: "rect", x, y, width: right - x, height: bottom - y, fill: ink.density, opacity: 0.3 };
        }),
        { kind: "polyline", points: outline, stroke: ink.density, width: 1 },
      ];
    },
  };
}

const pedals = [
  { label: "sustain", controller: sustainController, height: 40 },
  { label: "sostenuto", controller: sostenutoController, height: 14 },
  { label: "soft", controller: softController, height: 14 },
] as const;

/** A lane for each pedal that is touched, and always one for sustain. */
export function pedalLanes(performance: Performance): readonly Lane[] {
  const touched = new Set<number>();
  for (let i = 0; i < performance.pedals.count; i++) touched.add(performance.pedals.controller[i]);
  return pedals
    .filter(({ controller }) => controller === sustainController || touched.has(controller))
    .map(({ label, controller, height }) => ({
      label,
      height,
      draw(frame, top) {
        const depths = pedalDepth(performance, controller, frame, frame.right - frame.left) ?? [];
        return [...depthRects(depths, frame.left, top, height), guide(frame, top + Math.round(height / 2))];
      },
    }));
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
