import { expect, test } from "vitest";
import { ansi256, channelsOf, noteColour } from "./colour.ts";

/** Relative luminance of WCAG 2: the light that a colour gives off. */
function luminance(colour: string): number {
  const [red, green, blue] = channelsOf(colour).map((part) =>
    part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each([false, true])("louder is brighter (drums: %s)", (isDrum) => {
  for (let velocity = 1; velocity < 128; velocity++) {
    expect(noteColour(velocity, isDrum)).toMatch(/^#[0-9a-f]{6}$/);
    const step = luminance(noteColour(velocity, isDrum)) - luminance(noteColour(velocity - 1, isDrum));
    expect(step).toBeGreaterThanOrEqual(velocity > 17 && velocity < 112 ? 0.0005 : 0);
  }
});

test("the nearest of the terminal's colours", () => {
  expect(["#000000", "#ffffff", "#ff0000", "#5f87af", "#60ff2a"].map(ansi256)).toEqual([
    16, 231, 196, 67, 82,
  ]);
});
