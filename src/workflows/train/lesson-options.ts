/** @file Which batches a configuration learns from. */
import type { LessonOptions } from "../../training/index.ts";
import type { Configuration } from "./configuration.ts";

export function lessonOptions({ training }: Configuration): LessonOptions {
  const { batchSize, window, carry, seed, augment, augmentation } = training;
  return {
    split: "train",
    rows: batchSize,
    steps: window,
    order: carry ? "carried" : "shuffled",
    seed,
    ...(augment && { augmentation }),
  };
}
