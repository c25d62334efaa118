import { expect, test } from "vitest";
import { bars } from "./bars.ts";

test("one block for each value, the largest full", () => {
  expect(bars([0, 1, 2, 4])).toBe(" ▂▄█");
  expect(bars([1, 2, 3, 4, 5, 6, 7, 8])).toBe("▁▂▃▄▅▆▇█");
});

test("what is not zero is never blank", () => {
  expect(bars([0, 1, 1000])).toBe(" ▁█");
});

test("a width stretches the values or averages them", () => {
  expect(bars([1, 2], { width: 4 })).toBe("▄▄██");
  expect(bars([2, 2, 4, 4, 0, 0], { width: 3 })).toBe("▄█ ");
  expect(bars([0, 3, 3], { width: 2 })).toBe("▃█");
});

test("nothing gives blanks", () => {
  expect([bars([]), bars([], { width: 2 }), bars([0, 0])]).toEqual(["", "  ", "  "]);
});
