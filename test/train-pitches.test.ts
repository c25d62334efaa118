/** @file Training of what cannot be played yet: it learns, says that there will be no samples, and writes none. */
import { expect, it } from "vitest";
import { trainingPlatform, trainSmall } from "./defects/small-training.ts";
import { randomFiles } from "./fixtures/memory-corpus.ts";

it("learns pitches without samples, and says so", async () => {
  const { platform } = await trainingPlatform(randomFiles(6), { representation: "pitches" });
  const set = ["samples.every=1", "validation.every=2"];
  const { state, remarks, folder } = await trainSmall(platform, { steps: 4, set });
  expect(state).toBe("finished");
  expect(remarks).toContain("no samples are written: models of `pitches` are not played yet");
  const files = await platform.store.list(folder);
  expect(files.filter(({ path }) => path.startsWith("samples/"))).toEqual([]);
  expect((await trainSmall(platform, { out: "quiet", steps: 1 })).remarks).toEqual([]);
});
