/** @module rubato/browser: the runtime of browsers, and models that play in a page. */
import { openCheckpoint } from "./checkpoint/index.ts";
import {
  type BrowserRuntimeOptions,
  createBrowserRuntime,
  fetchStore,
  sha256,
} from "./platform/browser/index.ts";
import { createMusicModel, type MusicModel } from "./workflows/generate/music-model.ts";
import { playableOf } from "./workflows/generate/stage.ts";

export { type BrowserRuntimeOptions, createBrowserRuntime } from "./platform/browser/index.ts";
export type { MusicModel } from "./workflows/generate/music-model.ts";
export type { PlayRequest } from "./workflows/generate/stage.ts";

export interface PretrainedOptions extends BrowserRuntimeOptions {
  /** "wasm" unless given. */
  readonly provider?: "wasm" | "webgpu";
}

export type Model = MusicModel;

export const Model = {
  /**
   * Fetches a model to play.
   *
   * @example
   * const model = await Model.fromPretrained("/models/piano");
   * for await (const { pitch, start } of model.generate({ seconds: 20, seed: 7 })) schedule(pitch, start);
   * @param address of the folder of a checkpoint, absolute or relative to the page
   * @throws CheckpointError where there is none or it is damaged; StorageError where it cannot be fetched
   */
  async fromPretrained(address: string, { provider, ...options }: PretrainedOptions = {}): Promise<Model> {
    const folder = new URL(address, self.location.href).href.replace(/\/+$/, "");
    const opened = await openCheckpoint({ store: fetchStore, sha256 }, folder);
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    return createMusicModel(createBrowserRuntime(options), playableOf({ name, ...opened }), provider);
  },
};
