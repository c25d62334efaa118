/** @file Primers as tokens: beginnings, last parts, and that what is cut sounds as it did. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomMusic } from "../../test/fixtures/memory-corpus.ts";
import { notesOf } from "../music/index.ts";
import { openRepresentation } from "../representations/index.ts";
import { createRandom } from "../util/random.ts";
import { eventIdiom } from "./event-idiom.ts";
import { eventTable } from "./event-table.ts";
import { Meter } from "./meter.ts";
import { firstPart, lastPart, padded, silence } from "./primer.ts";

describe.each(["performance", "performance-pedal"])("primers of %s", (name) => {
  const representation = openRepresentation(name);
  const table = eventTable(representation);
  const piece = representation.encode(randomMusic(1, 40));
  const whole = [...notesOf(representation.decode(piece))];

  it("begin as the piece does, to the n-th note, with what sounds left to sound", () => {
    const part = firstPart(piece, { unit: "notes", amount: 25 }, table);
    expect(part).toEqual(piece.subarray(0, part.length));
    expect(new Meter(table, part).notes).toBe(25);
    expect(table.onset[part[part.length - 1]]).toBeGreaterThanOrEqual(0);
    expect(firstPart(piece, { unit: "notes", amount: 1000 }, table)).toEqual(piece);
  });

  it("begin as the piece does, to a time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (steps) => {
        const part = firstPart(piece, { unit: "seconds", amount: steps / 100 }, table);
        const length = new Meter(table, part).steps;
        expect(length).toBe(Math.min(steps, new Meter(table, piece).steps));
        const onsets = whole.filter(({ start }) => start < length / 100 - 1e-9).length;
        expect(new Meter(table, part).notes).toBeGreaterThanOrEqual(onsets);
      }),
    );
  });

  it.each(["seconds", "events", "notes"] as const)("end as the piece does, from so many %s on", (unit) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (amount) => {
        const part = lastPart(piece, { unit, amount }, table);
        if (part.length === 0) return;
        const meter = new Meter(table, part);
        expect(meter.of(unit)).toBeLessThanOrEqual(unit === "seconds" ? amount * 100 : amount);
        const notes = [...notesOf(representation.decode(part))];
        const same = whole.slice(whole.length - meter.notes);
        expect(notes.map(({ pitch, velocity }) => [pitch, velocity])).toEqual(
          same.map(({ pitch, velocity }) => [pitch, velocity]),
        );
        for (const [i, { start, end }] of notes.entries()) {
          expect(start).toBeCloseTo(same[i].start - same[0].start, 6);
          expect(end - start).toBeCloseTo(same[i].end - same[i].start, 6);
        }
      }),
    );
  });

  it("are filled up with silence", () => {
    const steps = new Meter(table, piece).steps;
    expect(new Meter(table, padded(piece, steps + 250, table)).steps).toBe(steps + 250);
    expect(padded(piece, steps - 1, table)).toEqual(piece);
    const names = (tokens: Int32Array) => [...tokens].map((token) => representation.describe(token));
    expect(names(silence(table))).toEqual(["time-shift:100"]);
    const { opening } = eventIdiom(representation);
    const random = createRandom(1);
    expect(names(opening(random).before)).toEqual(["time-shift:100"]);
    expect(names(opening(random, { isTold: true }).before)).toEqual(["time-shift:12"]);
  });
});

describe("a table of events", () => {
  it("says what each token does", () => {
    const representation = openRepresentation("performance-pedal", { decodeVelocity: "floor" });
    const table = eventTable(representation);
    const [on, off, shift, loud, down, up] = [60, 128 + 60, 256 + 41, 356 + 31, 388, 389];
    expect([table.onset[on], table.release[off], table.steps[shift], table.shift[42]]).toEqual([
      60,
      60,
      42,
      shift,
    ]);
    expect([table.velocity[356], table.velocity[loud]]).toEqual([1, 125]);
    expect([table.velocity[on], table.velocity[down]]).toEqual([0, 0]);
    expect([table.pedal[loud], table.pedal[down], table.pedal[up]]).toEqual([0, 1, -1]);
  });

  it("is refused for steps of several tokens", () => {
    expect(() => eventTable(openRepresentation("notes"))).toThrow(
      /^found `notes`, whose tokens are no single events/,
    );
  });
});
