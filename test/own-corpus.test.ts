/** @file The project's own corpus: made anew byte for byte, right as music, played as if by somebody, and prepared. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPerformance, estimateKey, notesOf, type Performance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { prepare } from "../src/workflows/prepare/index.ts";
import { makeCorpus, readPieces } from "../tools/corpus/corpus.ts";
import { parseScore } from "../tools/corpus/notation.ts";
import { playPiece } from "../tools/corpus/render.ts";
import { quarter, type WrittenPiece, whole } from "../tools/corpus/score.ts";

const corpus = fileURLToPath(new URL("../examples/corpus", import.meta.url));
const pieces = readPieces(join(corpus, "scores"));
const files = makeCorpus(pieces);

describe("the files", () => {
  it("are what the scores make, byte for byte, and no others", () => {
    const there = readdirSync(join(corpus, "midi"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".mid"))
      .map((name) => `midi/${name.split(sep).join("/")}`);
    expect([...there, "pieces.csv"].sort()).toEqual([...files.keys()].sort());
    const different = [...files].filter(([path, bytes]) => !readFileSync(join(corpus, path)).equals(bytes));
    expect(different.map(([path]) => path)).toEqual([]);
  });

  it("are small", () => {
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(300_000);
  });
});

/** As written, a quarter a second. */
function asWritten({ voices }: WrittenPiece): Performance {
  const notes = voices.flatMap((voice) => voice.notes);
  return createPerformance({
    notes: notes.map(({ start, length, pitch }) => ({
      start: start / quarter,
      end: (start + length) / quarter,
      pitch,
      velocity: 64,
    })),
  });
}

/** Of all pairs of notes that sound together on a beat, the share that are a semitone or its octaves apart. */
function harshness({ voices, beat, pickup }: WrittenPiece): number {
  const notes = voices.flatMap((voice) => voice.notes);
  let pairs = 0;
  let harsh = 0;
  for (const place of new Set(notes.map(({ start }) => start))) {
    if ((place - pickup) % beat !== 0) continue;
    const sounding = notes.filter(({ start, length }) => start <= place && start + length > place);
    sounding.forEach(({ pitch }, index) => {
      for (const other of sounding.slice(index + 1)) {
        pairs++;
        if ([1, 11].includes(Math.abs(pitch - other.pitch) % 12)) harsh++;
      }
    });
  }
  return pairs === 0 ? 0 : harsh / pairs;
}

describe("as music", () => {
  it.each(pieces.map(({ path, piece }) => [path, piece] as const))("%s is in its key", (_, piece) => {
    const key = estimateKey(asWritten(piece));
    // A dominant that is held long, or a close in the next key, may come first: then its own is the second.
    expect([key?.name, key?.runnerUp.name]).toContain(piece.key);
  });

  it.each(pieces.map(({ path, piece }) => [path, piece] as const))(
    "%s is rarely harsh on a beat",
    (_, piece) => {
      expect(harshness(piece)).toBeLessThan(0.08);
    },
  );

  it.each(pieces.map(({ path, piece }) => [path, piece] as const))(
    "%s is of a piano's compass",
    (_, piece) => {
      for (const { pitch } of notesOf(asWritten(piece))) {
        expect(pitch).toBeGreaterThanOrEqual(24);
        expect(pitch).toBeLessThanOrEqual(96);
      }
    },
  );

  it("has voices that end together, but for a rest", () => {
    for (const { piece } of pieces) {
      const ends = piece.voices.map(({ notes }) =>
        Math.max(...notes.map(({ start, length }) => start + length)),
      );
      expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(whole / 8);
    }
  });
});

describe("as it is played", () => {
  const [named] = pieces.filter(({ path }) => path === "bach/prelude-in-c");
  const first = playPiece(named.piece, "one");
  const other = playPiece(named.piece, "two");

  it("is the same for one seed, and another for another", () => {
    expect(playPiece(named.piece, "one")).toEqual(first);
    expect(other.duration).not.toBe(first.duration);
    expect(other.notes.count).toBe(first.notes.count);
  });

  it("has time that gives: no two bars are of one length, and the close is broad", () => {
    const bars = Array.from({ length: 35 }, (_, bar) => first.notes.start[bar * 16]);
    const lengths = bars.slice(1).map((start, index) => start - bars[index]);
    expect(new Set(lengths.map((length) => length.toFixed(4))).size).toBeGreaterThan(30);
    const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1];
    expect(lengths.at(-1)).toBeGreaterThan(1.02 * median);
    expect(Math.max(...lengths)).toBeGreaterThan(1.07 * Math.min(...lengths));
  });

  it("has loudness that gives, a pedal for each harmony, and no key struck while it is down", () => {
    for (const { path, piece } of pieces) {
      const played = playPiece(piece, path);
      const velocities = new Set([...notesOf(played)].map(({ velocity }) => velocity));
      expect(velocities.size).toBeGreaterThan(15);
      expect(played.pedals.count > 0).toBe(piece.pedal > 0);
      const ends = new Map<number, number>();
      for (const { pitch, start, end } of notesOf(played)) {
        expect(start).toBeGreaterThan(ends.get(pitch) ?? 0);
        expect(end).toBeGreaterThan(start);
        ends.set(pitch, end);
      }
    }
  });
});

describe("the notation", () => {
  const heading = "title: T\ncomposer: C\nkey: C major\nmeter: 3/4\ntempo: 60\n";
  const read = (body: string) => parseScore("t.txt", `${heading}${body}`);

  it("has lengths that stay, dots, thirds, ties, chords, rests and patterns", () => {
    const { voices, length } = read(
      "<patterns>\nwaltz = $1/4 [$2 $3] r\n<voice one>\nC4/4. D4/8 E4/4~ | E4/12 F4 G4 r/2 | { waltz(C3 E3 G3) | }*2\n",
    );
    const [{ notes }] = voices;
    expect(length).toBe(4 * 3 * quarter);
    expect(notes.map(({ start, length: long, pitch }) => [start / quarter, long / quarter, pitch])).toEqual([
      [0, 1.5, 60],
      [1.5, 0.5, 62],
      [2, 1 + 1 / 3, 64],
      [3 + 1 / 3, 1 / 3, 65],
      [3 + 2 / 3, 1 / 3, 67],
      [6, 1, 48],
      [7, 1, 52],
      [7, 1, 55],
      [9, 1, 48],
      [10, 1, 52],
      [10, 1, 55],
    ]);
  });

  it.each([
    [
      "<voice one>\nC4/4 D4 E4 | F4 G4\n",
      "t.txt: voice one, bar 2: found 0.5 of a whole note, expected 0.75",
    ],
    ["<voice one>\nC4/4 D4 H4\n", 'bar 1: found "H4"'],
    ["<voice one>\nC4/4 D4 E4~\n", "a tie to nothing"],
    ["<voice one>\nwaltz(C4)\n", "found pattern waltz, which is nowhere"],
    ["<voice one>\nw = $1/4 $2 $3\nw(C4 E4)\n", "found w(C4 E4), which has no $3"],
    ["<voice one>\nw = w()\nw()\n", "a pattern that calls itself"],
    ["<voice one>\nC4/7 C4 C4\n", "no whole number of units"],
    ["", "found no voice"],
  ])("refuses %j", (body, words) => {
    expect(() => read(body)).toThrow(words);
  });
});

describe("prepared", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rubato-own-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["performance", "notes"])(
    "for %s, has several pieces on both sides, and none on two",
    async (name) => {
      const out = join(folder, name);
      await prepare(nodePlatform({ cores: 1 }), { source: corpus, out, representation: name });
      const index: { pieces: { title: string; split: string }[] } = JSON.parse(
        readFileSync(join(out, "index.json"), "utf8"),
      );
      const titles = (split: string) =>
        new Set(index.pieces.filter((piece) => piece.split === split).map(({ title }) => title));
      expect(index.pieces).toHaveLength(files.size - 1);
      expect(titles("train").size).toBeGreaterThan(20);
      expect(titles("validation").size).toBeGreaterThan(2);
      for (const title of titles("validation")) expect(titles("train").has(title)).toBe(false);
    },
  );
});
