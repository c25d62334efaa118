/** @file Passages: which events are predicted, how often, and after how much music. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carried, inLanes, inRows, type Passage, type PieceStream, segments, sliding } from "./passages.ts";

/** A piece whose tokens are their own places. */
const streamOf = (steps: number, piece = 0): PieceStream => ({
  piece,
  stream: { steps, tokens: Int32Array.from({ length: steps }, (_, i) => i), controls: [] },
});

/** Events whose prediction counts, and how many were heard before each within the window. */
function counted(passages: Iterable<Passage>) {
  return [...passages].flatMap(({ start, window, from }) => {
    expect(window.tokens[0]).toBe(start);
    expect(window.tokens.length).toBe(window.length + 1);
    return Array.from({ length: window.length - from }, (_, i) => ({
      event: window.tokens[from + i + 1],
      heard: from + i + 1,
    }));
  });
}

const upTo = (count: number, from = 0) =>
  Array.from({ length: Math.max(0, count - from) }, (_, i) => from + i);

describe("segments", () => {
  it("hold every event once, and predict all but the first of each", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 2, max: 40 }), (steps, length) => {
        const found = [...segments(streamOf(steps), length)];
        const held = found.flatMap(({ window }) => [...window.tokens]);
        // A last segment of one event has nothing to predict.
        expect(held).toEqual(upTo(steps % length === 1 ? steps - 1 : steps));
        const first = (event: number) => event % length === 0;
        expect(counted(found).map(({ event }) => event)).toEqual(
          upTo(steps).filter((event) => !first(event)),
        );
        expect(counted(found).every(({ event, heard }) => heard === event % length)).toBe(true);
      }),
    );
  });

  it("of 2,048 events leave the trailing ones in a shorter one", () => {
    const found = [...segments(streamOf(5000), 2048)];
    expect(found.map(({ start, window }) => [start, window.length])).toEqual([
      [0, 2047],
      [2048, 2047],
      [4096, 903],
    ]);
  });
});

describe("sliding windows", () => {
  it("predict every event but the first once, after enough music", () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (steps, length, wanted) => {
          const stride = Math.min(length, wanted);
          const found = [...sliding(streamOf(steps), length, stride)];
          expect(counted(found).map(({ event }) => event)).toEqual(upTo(steps, 1));
          for (const { window } of found) expect(window.length).toBeLessThanOrEqual(length);
          for (const { event, heard } of counted(found)) {
            expect(heard).toBeGreaterThanOrEqual(Math.min(event, length - stride + 1));
          }
        },
      ),
    );
  });
});

describe("carried windows", () => {
  it("go on from one another, and predict every event but the first once", () => {
    const found = [...carried(streamOf(23), 5)];
    expect(counted(found).map(({ event }) => event)).toEqual(upTo(23, 1));
    expect(found.map(({ window }) => window.continues)).toEqual([false, true, true, true, true]);
  });
});

describe("side by side", () => {
  async function* streams(lengths: readonly number[]): AsyncGenerator<PieceStream> {
    for (const [piece, steps] of lengths.entries()) yield streamOf(steps, piece);
  }
  const lengths = [7, 1, 30, 0, 12, 2];
  const expected = lengths.flatMap((steps, piece) => upTo(steps, 1).map((event) => `${piece}:${event}`));

  it.each([1, 2, 4, 9])("in %i rows, all pieces come", async (rows) => {
    const found: string[] = [];
    for await (const batch of inRows(streams(lengths), (stream) => sliding(stream, 6, 3), rows)) {
      expect(batch.length).toBeLessThanOrEqual(rows);
      for (const passage of batch) {
        found.push(...counted([passage]).map(({ event }) => `${passage.piece}:${event}`));
      }
    }
    expect(found.sort()).toEqual([...expected].sort());
  });

  it.each([1, 2, 4, 9])("in %i lanes, each piece stays in its own from beginning to end", async (rows) => {
    const found: string[] = [];
    const playing = new Map<number, number>();
    for await (const batch of inLanes(streams(lengths), (stream) => carried(stream, 4), rows)) {
      expect(batch).toHaveLength(rows);
      for (const [row, passage] of batch.entries()) {
        if (passage === undefined) continue;
        if (passage.window.continues) expect(playing.get(row)).toBe(passage.piece);
        playing.set(row, passage.piece);
        found.push(...counted([passage]).map(({ event }) => `${passage.piece}:${event}`));
      }
    }
    expect(found.sort()).toEqual([...expected].sort());
  });
});
