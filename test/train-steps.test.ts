/** @file Training of whole notes: there is something to hear on the way. */
import { expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { trainingPlatform, trainSmall } from "./defects/small-training.ts";
import { randomFiles } from "./fixtures/memory-corpus.ts";

it("learns pitches, and writes samples of them", async () => {
  const { platform } = await trainingPlatform(randomFiles(6), { representation: "pitches" });
  const set = ["samples.every=1", "samples.seconds=3", "validation.every=2"];
  const { state, remarks, folder } = await trainSmall(platform, { steps: 4, set });
  expect(state).toBe("finished");
  expect(remarks).toEqual([]);
  for (const step of ["000002", "000004"]) {
    const { notes, duration } = readPerformance(
      await platform.store.read(`${folder}/samples/step-${step}.mid`),
    ).performance;
    expect(notes.count).toBeGreaterThan(0);
    expect(duration).toBeLessThanOrEqual(3.01);
  }
});
