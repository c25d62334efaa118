/** @file Something to hear now and then while a model learns: pieces from its weights of the moment, under `samples/`. */

import type { Conditioning } from "../../controls/index.ts";
import { midiFromPerformance, writeMidi } from "../../midi/index.ts";
import type { Model } from "../../models/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Representation } from "../../representations/index.ts";
import type { Parameters } from "../../util/parameters.ts";
import { createMusicModel } from "../generate/index.ts";

export interface SampleOptions {
  readonly folder: string;
  readonly step: number;
  readonly seconds: number;
  readonly seed: number;
}

/**
 * Writes `samples/step-001200.mid`. The same seed every time, so that what changes is the model.
 *
 * @returns its path
 */
export async function writeSample(
  platform: Platform,
  model: Model,
  representation: Representation,
  conditioning: Conditioning,
  parameters: Parameters,
  { folder, step, seconds, seed }: SampleOptions,
): Promise<string> {
  const player = createMusicModel(platform.runtime, {
    name: model.name,
    fingerprint: "",
    model,
    representation,
    conditioning,
    parameters,
  });
  const performance = await player.perform({ seconds, seed });
  const path = `${folder}/samples/step-${String(step).padStart(6, "0")}.mid`;
  const texts = [`update ${step}`, `seed ${seed}`];
  await platform.store.write(path, writeMidi(midiFromPerformance(performance, { texts })));
  return path;
}
