/** @file Note columns: what goes in comes out, to the last bit. */
import { describe, expect, it } from "vitest";
import { createPerformance, notesOf, pedalsOf } from "../music/index.ts";
import { noteBlockSize, packNotes, unpackNotes } from "./columns.ts";

const performance = createPerformance({
  notes: [
    { start: 0.1 + 0.2, end: 1 / 3, pitch: 60, velocity: 1 },
    { start: 0.1 + 0.2, end: 7, pitch: 127, velocity: 127, instrument: 1 },
    { start: 1e5 / 7, end: 1e5, pitch: 0, velocity: 64 },
  ],
  pedals: [
    { time: 0, controller: 64, value: 30 },
    { time: 0.1, controller: 64, value: 64 },
    { time: 0.2, controller: 64, value: 100 },
    { time: 0.3, controller: 67, value: 127 },
    { time: 0.4, controller: 64, value: 63 },
    { time: 0.5, controller: 64, value: 90, channel: 17 },
  ],
  instruments: [
    { name: "Piano", program: 0, isDrum: false, channel: 0 },
    { name: "Bass", program: 33, isDrum: false, channel: 17 },
  ],
});

describe("note columns", () => {
  it("give back every note exactly, and the pedals as crossings of 64", () => {
    const { bytes, crossings } = packNotes(performance);
    expect(crossings).toBe(4);
    expect(bytes.length).toBe(noteBlockSize(3, 4));
    // As a slice of a larger file, at an odd place.
    const file = new Uint8Array(bytes.length + 3);
    file.set(bytes, 3);
    const back = unpackNotes(file.subarray(3), 3, 4, performance.instruments, performance.duration);
    expect([...notesOf(back)]).toEqual([...notesOf(performance)]);
    expect([...pedalsOf(back)]).toEqual([
      { time: 0.1, controller: 64, value: 127, channel: 0 },
      { time: 0.3, controller: 67, value: 127, channel: 0 },
      { time: 0.4, controller: 64, value: 0, channel: 0 },
      { time: 0.5, controller: 64, value: 127, channel: 17 },
    ]);
    expect(back.duration).toBe(performance.duration);
  });
});
