/** @file A tiny performance in every representation, as readable text: the words of a token are a promise. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createPerformance } from "../src/music/index.ts";
import {
  formatTokens,
  openRepresentation,
  parseTokens,
  representations,
} from "../src/representations/index.ts";

/** A third that becomes a fifth under the pedal, and after a silence a single note. */
const tiny = createPerformance({
  notes: [
    { start: 0, end: 0.5, pitch: 60, velocity: 64 },
    { start: 0, end: 0.45, pitch: 64, velocity: 64 },
    { start: 0.5, end: 1, pitch: 67, velocity: 80 },
    { start: 3.25, end: 4, pitch: 72, velocity: 33 },
  ],
  pedals: [
    { time: 0.25, controller: 64, value: 100 },
    { time: 1.5, controller: 64, value: 0 },
  ],
});

describe.each(Object.keys(representations))("%s", (name) => {
  const golden = readFileSync(new URL(`./golden/${name}.txt`, import.meta.url), "utf8");
  const representation = openRepresentation(name);

  test("is written as in test/golden", () => {
    expect(formatTokens(representation, representation.encode(tiny))).toBe(golden);
  });

  test("is read from there", () => {
    expect(parseTokens(golden, openRepresentation).tokens).toEqual(representation.encode(tiny));
  });
});
