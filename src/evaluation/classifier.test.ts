/** @file The two-sample classifier: right about what differs, at a loss about what does not, and blind to single pieces. */
import { describe, expect, it } from "vitest";
import { createPerformance } from "../music/index.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import type { Runtime } from "../runtime/session.ts";
import { createRandom } from "../util/random.ts";
import { type Example, tellApart } from "./classifier.ts";

const runtime: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };

/** Pieces of one window each; each piece has a range and a pace of its own, by which it could be known again. */
function pieces(seed: string, count: number, swing: number): readonly Example[] {
  return Array.from({ length: count }, (_, piece) => {
    const random = createRandom(`${seed} ${piece}`);
    const lowest = 40 + random.integer(30);
    const pace = 0.1 + 0.3 * random.next();
    let at = 0;
    return {
      piece,
      excerpt: createPerformance({
        notes: Array.from({ length: 260 }, (_, i) => {
          at += pace * (i % 2 === 0 ? 1 + swing : 1 - swing);
          const pitch = lowest + random.integer(20);
          return { start: at, end: at + pace, pitch, velocity: 50 + random.integer(30) };
        }),
      }),
    };
  });
}

describe("a two-sample classifier", () => {
  it("tells music apart that differs in how notes follow on one another", async () => {
    const { accuracy, windows } = await tellApart(runtime, pieces("a", 24, 0), pieces("b", 24, 0.5), {
      seed: 1,
    });
    expect(accuracy).toBeGreaterThan(0.75);
    expect(windows.length).toBe(2 * 24 * 2);
  });

  it("cannot tell apart what is alike, though it could learn each piece by heart", async () => {
    const { accuracy } = await tellApart(runtime, pieces("a", 24, 0.2), pieces("b", 24, 0.2), { seed: 1 });
    expect(accuracy).toBeGreaterThan(0.3);
    expect(accuracy).toBeLessThan(0.7);
  });

  it("says the same for the same seed, and counts both sets alike, however large", async () => {
    const run = () => tellApart(runtime, pieces("a", 20, 0), pieces("b", 6, 0.5), { seed: 7 });
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    const share = (isReal: boolean) => {
      const own = first.windows.filter((each) => each.isReal === isReal);
      return own.filter(({ isRight }) => isRight).length / own.length;
    };
    expect(first.accuracy).toBeCloseTo((share(true) + share(false)) / 2, 12);
  });
});
