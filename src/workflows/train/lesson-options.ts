/** @file Which batches a configuration learns from. */
import type { Conditioning } from "../../controls/index.ts";
import type { LessonOptions } from "../../training/index.ts";
import type { Configuration } from "./configuration.ts";

export function lessonOptions(
  { training, controls }: Configuration,
  conditioning: Conditioning,
): LessonOptions {
  const { batchSize, window, carry, seed, augment, augmentation } = training;
  return {
    split: "train",
    rows: batchSize,
    steps: window,
    order: carry ? "carried" : "shuffled",
    seed,
    ...(augment && { augmentation }),
    ...(conditioning.size > 0 && { controls: [conditioning] }),
    ...(conditioning.size > 0 &&
      controls.flags !== "none" && { controlDropOut: { conditioning, rate: controls.dropOut } }),
  };
}
