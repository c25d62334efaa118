/** @file The laws of a control: what each of them promises, whatever it measures. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Control, openControl } from "../../src/controls/index.ts";
import { createPerformance, notesOf, type Performance } from "../../src/music/performance.ts";
import { openRepresentation, type Timeline } from "../../src/representations/index.ts";
import { createRandom } from "../../src/util/random.ts";
import { performances } from "../arbitraries.ts";
import { randomStream } from "./random-streams.ts";

const events = openRepresentation("performance", { programs: "merge" });

export function timelineOf(tokens: ArrayLike<number>): Timeline {
  const timeline = events.timeline?.(tokens);
  if (timeline === undefined) throw new Error("a stream of events has a timeline");
  return timeline;
}

/** Music in the middle of the keyboard, so that it can be moved by an octave. */
const movable = performances.map((performance) => moved(performance, (pitch) => 12 + (pitch % 104)));

function moved(performance: Performance, by: (pitch: number) => number): Performance {
  return createPerformance({
    notes: Array.from(notesOf(performance), (note) => ({ ...note, pitch: by(note.pitch) })),
    instruments: performance.instruments,
  });
}

function largestDifference(found: readonly number[], wanted: readonly number[]): number {
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted[i])), 0);
}

/**
 * @param transposed what becomes of a row when the music is moved up by some semitones.
 */
export function controlLaws(
  label: string,
  open: () => Control,
  transposed: (row: readonly number[], semitones: number) => readonly number[],
): void {
  describe(label, () => {
    const control = open();
    const rowsOf = (tokens: ArrayLike<number>) => {
      const values = control.compute(timelineOf(tokens));
      expect(values.length).toBe(tokens.length * control.size);
      return Array.from({ length: tokens.length }, (_, i) =>
        Array.from(values.subarray(i * control.size, (i + 1) * control.size)),
      );
    };

    test("as many rows as tokens, all finite, and the same each time", () => {
      const random = createRandom(label);
      for (let i = 0; i < 500; i++) {
        const tokens = randomStream(events, random);
        const rows = rowsOf(tokens);
        expect(rows.flat().every(Number.isFinite)).toBe(true);
        expect(open().compute(timelineOf(tokens))).toEqual(control.compute(timelineOf(tokens)));
      }
    });

    test("tokens that happen at one time share a row", () => {
      fc.assert(
        fc.property(performances, (performance) => {
          const tokens = events.encode(performance);
          const { steps } = timelineOf(tokens);
          const rows = rowsOf(tokens);
          const sharing = rows.flatMap((row, i) => (i > 0 && steps[i - 1] === 0 ? [[rows[i - 1], row]] : []));
          expect(sharing.map(([, row]) => row)).toEqual(sharing.map(([before]) => before));
        }),
      );
    });

    test("transposition moves it along", () => {
      fc.assert(
        fc.property(movable, fc.integer({ min: -12, max: 12 }), (performance, semitones) => {
          const before = rowsOf(events.encode(performance));
          const after = rowsOf(events.encode(moved(performance, (pitch) => pitch + semitones)));
          expect(after).toHaveLength(before.length);
          const wanted = before.flatMap((row) => transposed(row, semitones));
          expect(largestDifference(after.flat(), wanted)).toBeLessThan(1e-6);
        }),
      );
    });

    test("its time grows with the music, not with the window", () => {
      // Everything within one window: looking ahead anew at each shift would take a million million steps.
      const tokens = Int32Array.from({ length: 1_000_000 }, (_, i) => (i % 2 === 0 ? 60 : 256));
      const wide = { ...timelineOf(tokens), steps: new Uint8Array(tokens.length).fill(1) };
      const begin = Date.now();
      control.compute(wide);
      expect(Date.now() - begin).toBeLessThan(5000);
    });

    test("its configuration, written as JSON, makes the same again", () => {
      const { name, config, size } = control;
      expect(openControl(name, JSON.parse(JSON.stringify(config)))).toMatchObject({ name, config, size });
    });
  });
}
