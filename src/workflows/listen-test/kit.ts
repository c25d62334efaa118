/** @file `listenTest`: systems become a page on which people choose between them, without knowing which is which. */
import type { Platform } from "../../platform/platform.ts";
import { forEachConcurrently } from "../../util/concurrency.ts";
import { invariant, UsageError } from "../../util/errors.ts";
import { pianoFor } from "../render/sound.ts";
import { soundTask } from "../render/task.ts";
import { drawTrials, type Excerpt } from "./draw.ts";
import { type Key, keyVersion, writtenKey } from "./key.ts";
import { readSystems } from "./music.ts";
import { type ListenTestInput, type ListenTestOptions, listenTestSchema } from "./options.ts";
import { pageOf } from "./page/page.ts";
import { openPlaces } from "./places.ts";

export interface ListeningKit {
  /** The folder of the page. */
  readonly out: string;
  readonly key: string;
  /** What answers refer to. */
  readonly kit: string;
  readonly systems: readonly { readonly name: string; readonly path: string; readonly files: number }[];
  /** Pairs that a listener hears. */
  readonly trials: number;
  /** Sounds in the folder. */
  readonly sounds: number;
  readonly seconds: number;
  readonly seed: number;
  readonly remarks: readonly string[];
}

/** As short as lets one hear what music does, and never more than half of an excerpt. */
const leastHeard = 5;

/**
 * Writes a page that plays excerpts of two systems at a time, and beside it a key that says what each of its sounds is.
 *
 * All are played by the same piano in the same room and are not made equally loud: how hard keys are struck is part of the music.
 *
 * @throws UsageError where there are fewer than two systems, no music, or something else has the names; and what reading and
 *   writing throw
 */
export async function listenTest(platform: Platform, input: ListenTestInput): Promise<ListeningKit> {
  const options = listenTestSchema.parse(input);
  const { store } = platform;
  const { seconds, seed } = options;
  const systems = await readSystems(platform, options.systems);
  const places = await openPlaces(store, options.out);
  const { trials, remarks } = drawTrials(systems, options);
  // In the order of names that tell nothing, so that the times of the files tell nothing either.
  const excerpts = trials.flatMap(({ a, b }) => [a, b]).sort((a, b) => (a.id < b.id ? -1 : 1));
  try {
    const sums = await renderAll(platform, excerpts, options, `${places.partial}/audio`);
    const named = nameKit(platform, {
      format: "rubato-listening-key",
      version: keyVersion,
      question: options.question,
      seed,
      seconds,
      systems: systems.map(({ name, path }) => ({ name, path })),
      excerpts: excerpts.map(({ id, system, file, from, music }) => ({
        ...{ id, system, file, from, seconds: music.duration },
        sha256: sumOf(sums, id),
      })),
      trials: trials.map(({ id, a, b, coin }) => ({ id, a: a.id, b: b.id, coin })),
    });
    const page = pageOf({
      kit: named.kit,
      question: options.question,
      seconds,
      leastHeard: Math.min(leastHeard, seconds / 2),
      trials: named.trials,
    });
    await store.write(`${places.partial}/index.html`, new TextEncoder().encode(page));
    // First the key: whoever has the folder can have the answers read.
    await store.write(places.key, writtenKey(named));
    try {
      // Not every system replaces an empty folder.
      if ((await store.stat(places.out)) !== undefined && (await store.list(places.out)).length === 0) {
        await store.remove(places.out);
      }
      await store.rename(places.partial, places.out);
    } catch (error) {
      await store.remove(places.key);
      throw error;
    }
    return {
      out: places.out,
      key: places.key,
      kit: named.kit,
      systems: systems.map(({ name, path, pieces }) => ({ name, path, files: pieces.length })),
      trials: trials.length,
      sounds: excerpts.length,
      seconds,
      seed,
      remarks: [...systems.flatMap((system) => system.remarks), ...remarks],
    };
  } finally {
    await store.remove(places.partial);
  }
}

function sumOf(sums: ReadonlyMap<string, string>, id: string): string {
  const sum = sums.get(id);
  invariant(sum !== undefined, "every excerpt was played");
  return sum;
}

/** A name of what the kit is: other music, trials or questions give another one. */
function nameKit({ sha256 }: Pick<Platform, "sha256">, key: Omit<Key, "kit">): Key {
  const { format, version, ...rest } = key;
  return {
    format,
    version,
    kit: sha256(new TextEncoder().encode(JSON.stringify(key))).slice(0, 12),
    ...rest,
  };
}

/** @returns by the name of each sound, the SHA-256 of its MP3 */
async function renderAll(
  platform: Platform,
  excerpts: readonly Excerpt[],
  { sampleRate, gain, reverb }: ListenTestOptions,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const { store, report, sha256, cores } = platform;
  const sums = new Map<string, string>();
  const lanes = Math.max(1, Math.min(cores, excerpts.length));
  const pool = platform.pool(soundTask, lanes);
  let done = 0;
  try {
    await forEachConcurrently(excerpts, lanes, async ({ id, music, file }) => {
      const piano = await pianoFor(platform, music);
      const options = { sampleRate, gain, reverb };
      const answer = await pool.run({ performance: music, piano, options, wav: false, mp3: true });
      if (answer.kind === "refused") throw new UsageError(`${file}: ${answer.why}`);
      const { mp3 } = answer.sound;
      invariant(mp3 !== undefined, "a sound that was asked for is there");
      await store.write(`${folder}/${id}.mp3`, mp3);
      sums.set(id, sha256(mp3));
      report({ stage: "playing", done: ++done, total: excerpts.length, unit: "excerpts" });
    });
  } finally {
    await pool.close();
  }
  return sums;
}
