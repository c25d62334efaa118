import { expect, it } from "vitest";
import { fitted, moved, type Pace, updatesLeft } from "./pace.ts";

it("a pace of one walks a schedule in as many updates as it has steps", () => {
  let pace: Pace = { at: 0, stride: 1 };
  expect(updatesLeft(pace, 7)).toBe(7);
  for (let i = 0; i < 7; i++) pace = moved(pace);
  expect(updatesLeft(pace, 7)).toBe(0);
});

it("a pace that is fitted ends the schedule with the time, and again after a machine has become slower", () => {
  const length = 1000;
  let pace = fitted({ at: 0, stride: 1 }, length, 60, 0.5);
  expect(updatesLeft(pace, length)).toBe(120);
  let seconds = 0;
  while (pace.at < length / 2) {
    pace = moved(pace);
    seconds += 1;
  }
  // Half of the schedule took all of its minute; what is left gets the other half of two.
  expect(Math.abs(seconds - 60)).toBeLessThan(2);
  pace = fitted(pace, length, 60, 1);
  expect(Math.abs(updatesLeft(pace, length) - 60)).toBeLessThan(2);
});

it("a pace without time left ends with the next update", () => {
  const pace = fitted({ at: 300, stride: 1 }, 1000, -5, 1);
  expect(updatesLeft(pace, 1000)).toBe(1);
  expect(updatesLeft(moved(pace), 1000)).toBe(0);
});
