/** @file Steps of three fields, heard and answered token by token, on listeners whose answers are known. */
import { expect, it } from "vitest";
import { openRepresentation } from "../representations/index.ts";
import { fieldwise, stepBefore } from "./fieldwise.ts";
import type { StepListener } from "./listener.ts";

const sizes = [2, 3, 2];
const none = Number.NEGATIVE_INFINITY;

/** Answers ten times the number of steps heard, plus the token's place. */
function counting(heard: string[], steps = 0): StepListener {
  let count = steps;
  return {
    async hear(tokens) {
      heard.push([...tokens].join(" "));
      count++;
      return Float32Array.from({ length: 7 }, (_, i) => 10 * count + i);
    },
    copy: () => counting(heard, count),
  };
}

it("answers the field that comes next from the whole step before, and hears a step when it is whole", async () => {
  const heard: string[] = [];
  const listener = fieldwise(() => counting(heard), sizes, Int32Array.of(0, 0, 0))();
  const answers: number[][] = [];
  // Steps 1 2 0 and 0 1 1: tokens are numbered through the fields.
  for (const token of [1, 4, 5, 0, 3, 6]) answers.push([...(await listener.hear(token))]);
  expect(heard).toEqual(["0 0 0", "1 2 0", "0 1 1"]);
  expect(answers).toEqual([
    // Of the first step, what follows the one before all.
    [none, none, 12, 13, 14, none, none],
    [none, none, none, none, none, 15, 16],
    // The step before all is not remembered: the first one is.
    [10, 11, none, none, none, none, none],
    [none, none, 12, 13, 14, none, none],
    [none, none, none, none, none, 15, 16],
    [20, 21, none, none, none, none, none],
  ]);
});

it("copies go on from the same token on their own", async () => {
  const heard: string[] = [];
  const listener = fieldwise(() => counting(heard), sizes, Int32Array.of(0, 0, 0))();
  await listener.hear(1);
  const copy = listener.copy();
  for (const token of [2, 5]) await copy.hear(token);
  for (const token of [4, 6]) await listener.hear(token);
  expect(heard).toEqual(["0 0 0", "1 0 0", "1 2 1"]);
  // And what one of them answers may be changed without the other noticing.
  (await copy.hear(0)).fill(0);
  expect([...(await listener.hear(0))]).toEqual([none, none, 12, 13, 14, none, none]);
});

it("a piece of note tuples begins after Magenta's default label", () => {
  expect(stepBefore(openRepresentation("note-tuple"))).toEqual(Int32Array.of(0, 0, 60, 0, 0, 0));
  expect(stepBefore(openRepresentation("performance"))).toBeUndefined();
});
