/** @file Trainings of a few updates on random music, in memory and in this thread. */
import { type Corpus, openCorpus } from "../../src/corpus/index.ts";
import { memoryPlatform } from "../../src/platform/memory.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { decodeText } from "../../src/util/text.ts";
import {
  findModel,
  type PrepareInput,
  prepare,
  type Trained,
  train,
  trainSchema,
} from "../../src/workflows/index.ts";
import type { TrainInput } from "../../src/workflows/train/index.ts";
import { randomFiles, sha256 } from "../fixtures/memory-corpus.ts";
import { countingRuntime } from "../fixtures/playing.ts";

/** A recurrent model that takes milliseconds to learn from a window, and leaves out what costs time beside it. */
export const quick = [
  "model.config.layers=1",
  "model.config.hiddenSize=8",
  "training.averageDecay=0",
  "samples.every=0",
];

/** A platform in memory with ONNX Runtime and these files, and a corpus of them at "corpus". */
export async function trainingPlatform(
  files: Readonly<Record<string, Uint8Array>> = randomFiles(6),
  options: Partial<PrepareInput> = {},
): Promise<{ readonly platform: Platform; readonly corpus: Corpus }> {
  const platform: Platform = { ...memoryPlatform({ files, sha256 }), runtime: countingRuntime().runtime };
  await prepare(platform, { source: "in", out: "corpus", ...options });
  return { platform, corpus: await openCorpus(platform.store, "corpus") };
}

export function trainSmall(
  platform: Platform,
  input: TrainInput = {},
  signal?: AbortSignal,
): Promise<Trained> {
  const isNew = input.resume === undefined;
  const options = trainSchema.parse({
    ...(isNew && { corpus: "corpus", preset: "gru", batchSize: 2, window: 16, steps: 8, out: "run" }),
    threads: 1,
    ...input,
    ...(isNew && { set: [...quick, ...(input.set ?? [])] }),
  });
  return train(options, { platform, command: "rubato train", ...(signal && { signal }) });
}

export const weightsOf = ({ store }: Platform, run: string, which: "best" | "last" = "last") =>
  store.read(`${run}/checkpoints/${which}/model.safetensors`);

export const checkpointOf = async (platform: Platform, folder: string) =>
  (await findModel(platform, folder)).checkpoint;

/** What `metrics.jsonl` tells of one curve, from its beginning. */
export async function curveOf({ store }: Platform, run: string, name: string): Promise<readonly number[]> {
  const lines = decodeText(await store.read(`${run}/metrics.jsonl`))
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const told: Readonly<Record<string, unknown>> = JSON.parse(line);
    return typeof told[name] === "number" ? [told[name]] : [];
  });
}
