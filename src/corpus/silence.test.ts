import { expect, test } from "vitest";
import { openConditioning } from "../controls/index.ts";
import { openRepresentation } from "../representations/index.ts";
import { createRandom } from "../util/random.ts";
import type { Batch } from "./batch.ts";
import { silenceControls } from "./silence.ts";

const performance = openRepresentation("performance");
const [rows, steps] = [400, 10];

/** How each control of each step of each row is told: a row of flags, 1 for "not told". */
function silenced(flags: "none" | "shared" | "each", rate: number) {
  const conditioning = openConditioning(performance, ["note-density", "mean-velocity"], flags);
  const { size } = conditioning;
  const [density, velocity] = conditioning.controls;
  const told = conditioning.row([density.read("8")[0], velocity.read("64")[0]]);
  const controls = new Float32Array(rows * steps * size);
  for (let at = 0; at < controls.length; at += size) controls.set(told, at);
  const batch: Batch = {
    rows,
    steps,
    fields: 1,
    controlSize: size,
    inputs: new Int32Array(rows * steps),
    targets: new Int32Array(rows * steps),
    controls,
    mask: new Float32Array(rows * steps).fill(1),
    continues: new Uint8Array(rows),
  };
  silenceControls(batch, { conditioning, rate }, createRandom("silence"));
  const at = { none: [], shared: [0], each: [0, 9] }[flags];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: steps }, (_, step) =>
      at.map((place) => controls[(row * steps + step) * size + place]),
    ),
  );
}

const shareOf = (windows: readonly unknown[], wanted: number) => Math.abs(windows.length / rows - wanted);

test("any number of controls is left out as often, mostly in all of a window", () => {
  const windows = silenced("each", 0.8);
  const whole = (which: readonly number[]) =>
    windows.filter((window) => window.every(([a, b]) => a === which[0] && b === which[1]));
  // One of two, either, and both: 0.8 × 3/4 × (1/4, 1/4, 1/2).
  expect(shareOf(whole([1, 0]), 0.15)).toBeLessThan(0.06);
  expect(shareOf(whole([0, 1]), 0.15)).toBeLessThan(0.06);
  expect(shareOf(whole([1, 1]), 0.3)).toBeLessThan(0.08);
  expect(shareOf(whole([0, 0]), 0.2)).toBeLessThan(0.08);
});

test("in the others up to a moment, or from one on", () => {
  const turns = silenced("shared", 1).map(
    (window) => window.slice(1).filter((flags, i) => flags[0] !== window[i][0]).length,
  );
  expect(Math.max(...turns)).toBe(1);
  expect(
    shareOf(
      turns.filter((each) => each === 1),
      0.22,
    ),
  ).toBeLessThan(0.08);
});

test("all of them where they share a flag, and never with a rate of 0", () => {
  const windows = silenced("shared", 0.5);
  expect(
    shareOf(
      windows.filter((window) => window.every(([flag]) => flag === 1)),
      0.375,
    ),
  ).toBeLessThan(0.09);
  expect(silenced("each", 0).flat(2)).toEqual(new Array(rows * steps * 2).fill(0));
});
