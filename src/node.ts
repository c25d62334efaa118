/** @module rubato/node: the platform of Node, and models that play on it. */
import { nodePlatform } from "./platform/node/index.ts";
import type { deviceNames } from "./workflows/device/index.ts";
import { openDevice } from "./workflows/device/index.ts";
import { createMusicModel, type MusicModel } from "./workflows/generate/music-model.ts";
import { playableOf } from "./workflows/generate/stage.ts";
import { findModel } from "./workflows/model/index.ts";

export * from "./platform/node/index.ts";
export type { MusicModel, PlayRequest } from "./workflows/generate/index.ts";

export interface PretrainedOptions {
  /** What computes: cuda where it works, and the processor otherwise, unless given. */
  readonly device?: "auto" | (typeof deviceNames)[number];
}

export type Model = MusicModel;

export const Model = {
  /**
   * Opens a model to play.
   *
   * @example
   * const model = await Model.fromPretrained();
   * for await (const { pitch, start } of model.generate({ seconds: 20, seed: 7 })) console.log(start, pitch);
   * @param reference a folder with a checkpoint, a run, "last", or the name of a model that ships; "piano" unless given
   * @throws UsageError where nothing of that name is found, or the device is absent; CheckpointError where it is damaged
   */
  async fromPretrained(reference?: string, { device = "auto" }: PretrainedOptions = {}): Promise<Model> {
    const platform = nodePlatform();
    const found = await findModel(platform, reference);
    const { provider } = await openDevice(platform, device);
    return createMusicModel(platform.runtime, playableOf(found), provider);
  },
};
