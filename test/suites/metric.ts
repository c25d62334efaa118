/** @file The laws of a metric: what each of them promises, whatever it measures. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Invariance, Metric } from "../../src/metrics/index.ts";
import { createPerformance, type Note, notesOf, type Performance, pedalsOf } from "../../src/music/index.ts";
import { performances } from "../arbitraries.ts";

/** Changes of a note that a metric may declare not to notice. Times are multiples of 1/1024 s, so that nothing is rounded. */
const changes: Readonly<Record<Invariance, (note: Note) => Note>> = {
  transposition: (note) => ({ ...note, pitch: note.pitch + 7 }),
  tempo: (note) => ({ ...note, start: 2 * note.start, end: 2 * note.end }),
  loudness: (note) => ({ ...note, velocity: note.velocity + 20 }),
  delay: (note) => ({ ...note, start: note.start + 3, end: note.end + 3 }),
};

/** Music with room to be moved upwards, a little of it or much. */
const movable = performances.map((performance) =>
  changed(performance, (note) => ({
    ...note,
    start: Math.round(note.start * 1024) / 1024,
    end: Math.round(note.end * 1024) / 1024,
    // Octaves stay within reach of every bin, so that no end of a keyboard hides a change.
    pitch: 40 + (note.pitch % 40),
    velocity: 1 + (note.velocity % 100),
  })),
);

function changed(performance: Performance, change: (note: Note) => Note): Performance {
  const { instruments } = performance;
  const time = (seconds: number) =>
    change({ start: seconds, end: seconds, pitch: 60, velocity: 60, instrument: 0 }).start;
  return createPerformance({
    notes: Array.from(notesOf(performance), change),
    pedals: Array.from(pedalsOf(performance), (pedal) => ({ ...pedal, time: time(pedal.time) })),
    instruments,
    duration: time(performance.duration),
  });
}

const dense = createPerformance({
  notes: Array.from({ length: 3000 }, (_, i) => ({
    start: (i >> 4) / 50,
    end: (i >> 4) / 50 + 4,
    pitch: (i * 37) % 128,
    velocity: 1 + ((i * 53) % 127),
  })),
});

const silence = createPerformance({ notes: [], duration: 3 });
const one = createPerformance({ notes: [{ start: 0, end: 0, pitch: 0, velocity: 1 }] });

export function metricLaws(label: string, open: () => Metric): void {
  describe(label, () => {
    const metric = open();
    const setOf = (...excerpts: readonly Performance[]) => metric.gather(excerpts.map(metric.describe));

    test("is finite for silence, one note and a dense page, and tells as many numbers of each", () => {
      const sizes = [silence, one, dense].map((excerpt) => {
        const description = metric.describe(excerpt);
        expect(description.every(Number.isFinite)).toBe(true);
        return description.length;
      });
      expect(new Set(sizes).size).toBe(1);
      for (const a of [silence, one, dense]) {
        for (const b of [silence, one, dense])
          expect(metric.distance(setOf(a), setOf(b))).toBeGreaterThanOrEqual(0);
      }
    });

    test("is the same each time, and changes nothing that it was given", () => {
      fc.assert(
        fc.property(performances, (performance) => {
          const [notes, pedals] = [[...notesOf(performance)], [...pedalsOf(performance)]];
          const description = metric.describe(performance);
          const kept = description.slice();
          expect(open().describe(performance)).toEqual(description);
          metric.distance(metric.gather([description]), setOf(dense));
          expect(description).toEqual(kept);
          expect([...notesOf(performance)]).toEqual(notes);
          expect([...pedalsOf(performance)]).toEqual(pedals);
        }),
      );
    });

    test("has no distance between a set and itself, in whatever order, and the same both ways between two", () => {
      const sets = fc.array(performances, { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(sets, sets, (a, b) => {
          expect(metric.distance(setOf(...a), setOf(...a.toReversed()))).toBeCloseTo(0, 9);
          const [there, back] = [
            metric.distance(setOf(...a), setOf(...b)),
            metric.distance(setOf(...b), setOf(...a)),
          ];
          expect(Number.isFinite(there)).toBe(true);
          expect(there).toBeCloseTo(back, 9);
          expect(there).toBeGreaterThanOrEqual(0);
        }),
      );
    });

    test.each(metric.invariances)("does not notice a change of %s", (invariance) => {
      fc.assert(
        fc.property(movable, (performance) => {
          const there = setOf(changed(performance, changes[invariance]));
          expect(metric.distance(there, setOf(performance))).toBeCloseTo(0, 9);
        }),
      );
    });
  });
}
