/** @file How long an update takes here: a few of them, on a learner that is thrown away. */
import type { Corpus } from "../../corpus/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { lessons } from "../../training/index.ts";
import type { Parameters } from "../../util/parameters.ts";
import type { Configuration } from "./configuration.ts";
import { lessonOptions } from "./lesson-options.ts";
import type { Setup } from "./setup.ts";

/** The first pays for what is made ready once. */
const updates = 4;

/** Seconds of an update, the shortest of a few: whatever else a machine does makes them longer. */
export async function measureUpdate(
  { now }: Platform,
  corpus: Corpus,
  configuration: Configuration,
  { trainer, conditioning }: Setup,
  parameters: Parameters,
): Promise<number> {
  const { accumulate, learningRate } = configuration.training;
  const stream = lessons(corpus, lessonOptions(configuration, conditioning), { epoch: 0, batch: 0 });
  let learner = trainer.begin(parameters);
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < updates; i++) {
    const begin = now();
    const batches = [];
    while (batches.length < accumulate) batches.push((await stream.next()).value.batch);
    ({ learner } = await trainer.step(learner, batches, learningRate / 100));
    if (i > 0) shortest = Math.min(shortest, (now() - begin) / 1000);
  }
  return shortest;
}
