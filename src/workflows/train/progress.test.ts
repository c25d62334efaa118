/** @file What a run says of its speed. */
import { expect, it } from "vitest";
import { memoryPlatform } from "../../platform/memory.ts";
import { createProgress } from "./progress.ts";

it("a batch of a few tokens at the end of a pass hardly changes the speed", () => {
  const progress = createProgress(memoryPlatform(), 10);
  const step = (tokens: number) => progress.stepped({ loss: 1, tokens }, 0.2);
  for (let i = 0; i < 30; i++) step(1000);
  expect(progress.tokensPerSecond()).toBeCloseTo(5000);
  step(4);
  expect(progress.tokensPerSecond()).toBeGreaterThan(4000);
});
