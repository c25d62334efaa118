import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { configurations } from "../../test/suites/configurations.ts";
import { createPerformance, pedalsOf } from "../music/performance.ts";
import { openRepresentation } from "../representations/index.ts";
import { packNotes, unpackNotes } from "./columns.ts";
import { pedalCrossings } from "./crossings.ts";
import { encodePiece } from "./encode.ts";

/** [time, value] and, but for the first lane, controller and channel. */
type Move = readonly [time: number, value: number, controller?: number, channel?: number];

function crossings(moves: readonly Move[]): Move[] {
  const { pedals } = createPerformance({
    notes: [],
    pedals: moves.map(([time, value, controller = 64, channel = 0]) => ({
      time,
      value,
      controller,
      channel,
    })),
  });
  const performance = createPerformance({ notes: [] });
  return [...pedalsOf({ ...performance, pedals: pedalCrossings(pedals) })].map(
    ({ time, value, controller, channel }): Move =>
      controller === 64 && channel === 0 ? [time, value] : [time, value, controller, channel],
  );
}

describe("crossings", () => {
  it("are where a pedal passes 64, each pedal of each channel by itself", () => {
    expect(
      crossings([
        [0, 10],
        [1, 64],
        [2, 127],
        [3, 80, 67],
        [4, 90, 64, 300],
        [5, 63],
        [6, 0],
        [7, 0, 67],
        [8, 1, 64, 300],
      ]),
    ).toEqual([
      [1, 127],
      [3, 127, 67, 0],
      [4, 127, 64, 300],
      [5, 0],
      [7, 0, 67, 0],
      [8, 0, 64, 300],
    ]);
  });

  it("keep the last movement of sustain, until which unfinished notes sound", () => {
    expect(
      crossings([
        [1, 100],
        [5, 120],
        [9, 70],
      ]),
    ).toEqual([
      [1, 127],
      [9, 127],
    ]);
  });

  it("keep a lift that changes nothing where it keeps the pedal from going down", () => {
    const moves: Move[] = [
      [1, 0],
      [2, 0],
      [2, 127],
      [3, 127],
      [4, 0],
    ];
    expect(crossings(moves)).toEqual(moves.slice(1));
  });
});

describe("note columns", () => {
  const all = Object.entries(configurations).flatMap(([name, configs]) =>
    configs.map((config) => ({ name, config })),
  );

  it.each(all)("hold all that $name $config makes tokens of", ({ name, config }) => {
    const representation = openRepresentation(name, config);
    const seconds = fc.constantFrom(undefined, 30, 0.5);
    const stretch = fc.constantFrom(1, 0.95, 1.05);
    fc.assert(
      fc.property(performances, seconds, stretch, (performance, segment, factor) => {
        const { bytes, crossings: count } = packNotes(performance);
        const { notes, instruments, duration } = performance;
        const back = unpackNotes(bytes, notes.count, count, instruments, duration);
        const variation = { stretch: factor, transpose: 0 };
        expect(encodePiece(back, representation, segment, variation)).toEqual(
          encodePiece(performance, representation, segment, variation),
        );
      }),
    );
  });
});
