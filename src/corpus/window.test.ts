import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutWindows } from "./window.ts";

/** A stream of two fields and one control, whose numbers say where they stand. */
function streamOf(steps: number) {
  const tokens = Int32Array.from({ length: steps * 2 }, (_, i) => i);
  return {
    steps,
    tokens,
    controls: [{ size: 1, values: Float32Array.from({ length: steps }, (_, i) => i) }],
  };
}

describe("windows", () => {
  it("cover a stretch once, in order, controls beside the step foretold", () => {
    const positive = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(positive, positive, positive, positive, (size, steps, first, start) => {
        const stream = streamOf(size);
        const from = Math.min(start, size) - 1;
        const windows = [...cutWindows(stream, { from, to: size - 1 }, steps, Math.min(first, steps))];
        let at = from;
        for (const { length, tokens, controls, continues } of windows) {
          expect(length).toBeLessThanOrEqual(steps);
          expect([...tokens]).toEqual([...stream.tokens.subarray(2 * at, 2 * (at + length + 1))]);
          expect([...controls[0].values]).toEqual([
            ...stream.controls[0].values.subarray(at + 1, at + length + 1),
          ]);
          expect(continues).toBe(at > from);
          at += length;
        }
        expect(at).toBe(size - 1);
      }),
    );
  });
});
