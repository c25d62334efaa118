/** @file Originality: what was taken is found, where it was taken from, and in disguise; what was not taken is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPerformance, type Note, notesOf, type Performance } from "../music/index.ts";
import { createRandom } from "../util/random.ts";
import { LibraryBuilder } from "./library.ts";
import { matchesOf } from "./matches.ts";
import { bandOf, originalityOf, verdictOf } from "./originality.ts";

/** A walk over the keyboard that no other seed takes. */
function walk(seed: string, notes: number): Performance {
  const random = createRandom(seed);
  let pitch = 60;
  return createPerformance({
    notes: Array.from({ length: notes }, (_, i) => {
      pitch = Math.min(96, Math.max(24, pitch + random.integer(25) - 12));
      return { start: i / 4, end: i / 4 + 0.2, pitch, velocity: 64 };
    }),
  });
}

const changed = (performance: Performance, change: (note: Note, i: number) => Note) =>
  createPerformance({ notes: [...notesOf(performance)].map(change) });

const builder = new LibraryBuilder();
for (let i = 0; i < 20; i++) builder.add(`piece ${i}`, walk(`piece ${i}`, 300));
builder.add("one note", walk("one", 1));
const library = builder.build();

describe("a library", () => {
  it("has all notes of all pieces with a passage in them", () => {
    expect(library.pieces.map(({ name }) => name)).toEqual(
      Array.from({ length: 20 }, (_, i) => `piece ${i}`),
    );
    expect(library.text.length).toBe(20 * 300);
    expect(library.onsets.length).toBe(library.text.length);
  });
});

describe("matches", () => {
  it("are the longest there are, from every place on", () => {
    const few = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 });
    fc.assert(
      fc.property(few, few, (a, b) => {
        const text = Uint8Array.from([...a, 0]);
        const own = Uint8Array.from(b);
        const suffixes = Int32Array.from(text, (_, i) => i).sort((x, y) =>
          Buffer.compare(text.subarray(x), text.subarray(y)),
        );
        const { lengths, places } = matchesOf(own, { text, suffixes });
        for (let i = 0; i < own.length; i++) {
          const common = (at: number) => {
            let n = 0;
            while (i + n < own.length && at + n < text.length && own[i + n] === text[at + n]) n++;
            return n;
          };
          expect(lengths[i]).toBe(Math.max(...Array.from(text, (_, at) => common(at))));
          expect(common(places[i])).toBe(lengths[i]);
        }
      }),
    );
  });
});

describe("originality", () => {
  const excerpt = changed(walk("piece 7", 300), (note) => note);
  const taken = createPerformance({ notes: [...notesOf(excerpt)].slice(100, 200) });

  it("finds what was taken, and where", () => {
    const { notes, shares, longest } = originalityOf(taken, library);
    expect(notes).toBe(100);
    expect(shares).toEqual([8, 12, 16].map((n) => ({ notes: n, share: 1 })));
    expect(longest).toEqual({
      notes: 100,
      from: 25,
      to: 49.75,
      piece: "piece 7",
      pieceFrom: 25,
      pieceTo: 49.75,
    });
  });

  it("finds it in another key, at another tempo, with one note in twenty changed", () => {
    const random = createRandom("disguise");
    const disguised = changed(taken, (note) => ({
      ...note,
      start: 1.1 * note.start,
      end: 1.1 * note.end,
      velocity: 30,
      pitch: note.pitch + 5 + (random.next() < 0.05 ? 1 : 0),
    }));
    const { shares, longest } = originalityOf(disguised, library);
    expect(longest?.piece).toBe("piece 7");
    expect(longest?.notes).toBeGreaterThan(20);
    expect(shares[0].share).toBeGreaterThan(0.4);
  });

  it("finds nothing much in music of one's own", () => {
    const { shares, longest } = originalityOf(walk("own", 300), library);
    expect(shares.map(({ share }) => share)).toEqual([0, 0, 0]);
    expect(longest?.notes).toBeLessThan(10);
  });

  it("does not match across pieces", () => {
    const end = [...notesOf(walk("piece 3", 300))].slice(-6);
    const begin = [...notesOf(walk("piece 4", 300))].slice(0, 6);
    const joined = createPerformance({
      notes: [...end, ...begin.map((note) => ({ ...note, start: note.start + 200, end: note.end + 200 }))],
    });
    expect(originalityOf(joined, library).longest?.notes).toBeLessThan(9);
  });

  it("says nothing of silence, one note, and an empty library", () => {
    const empty = new LibraryBuilder().build();
    for (const music of [walk("none", 0), walk("one", 1)]) {
      expect(originalityOf(music, library)).toMatchObject({
        longest: null,
        shares: [{ share: 0 }, { share: 0 }, { share: 0 }],
      });
    }
    expect(originalityOf(taken, empty).longest).toBeNull();
  });
});

describe("the verdict", () => {
  const share = (each: number, notes: number) => ({
    notes: 100,
    shares: [8, 12, 16].map((n) => ({ notes: n, share: each })),
    longest: { notes, from: 0, to: 1, piece: "", pieceFrom: 0, pieceTo: 1 },
  });
  const band = bandOf(Array.from({ length: 101 }, (_, i) => share(i / 1000, i)));

  it("knows what people share", () => {
    expect(band.longest).toEqual({ mean: 50, p95: 95, most: 100 });
    expect(band.shares[2]).toMatchObject({ notes: 16, p95: expect.closeTo(0.095, 9), most: 0.1 });
  });

  it("calls 95 of 100 people original, though each shares much of something else", () => {
    const people = Array.from({ length: 100 }, (_, i) => share(((37 * i) % 100) / 1000, i));
    const own = bandOf(people);
    const calls = people.map((each) => verdictOf(each, own));
    const originals = calls.filter((verdict) => verdict === "original").length;
    expect(originals).toBeGreaterThanOrEqual(95);
    expect(originals).toBeLessThanOrEqual(96);
    const withinAll = people.filter(
      ({ shares, longest }) => shares[0].share <= own.shares[0].p95 && longest.notes <= own.longest.p95,
    );
    expect(withinAll.length).toBeLessThan(92);
  });

  it("of people who share nothing lets nothing be shared", () => {
    const nobody = bandOf(Array.from({ length: 30 }, () => ({ ...share(0, 0), longest: null })));
    expect(verdictOf({ ...share(0, 0), longest: null }, nobody)).toBe("original");
    expect(verdictOf(share(0, 3), nobody)).toBe("copied");
  });

  it.each([
    [share(0.09, 90), "original"],
    [share(0.09, 97), "close"],
    [share(0.098, 10), "close"],
    [share(0.01, 199), "close"],
    [share(0.01, 201), "copied"],
    [share(0.21, 10), "copied"],
  ] as const)("%#: %s", (found, verdict) => {
    expect(verdictOf(found, band)).toBe(verdict);
  });
});
