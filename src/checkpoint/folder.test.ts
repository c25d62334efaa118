/** @file A checkpoint is put in the place of another, and the program dies at every step, or somebody reads meanwhile. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Death, Killed, mortalStore } from "../../test/fixtures/mortal-store.ts";
import { memoryPlatform } from "../platform/memory.ts";
import type { MemoryFiles } from "../platform/memory-store.ts";
import { nodePlatform } from "../platform/node/index.ts";
import { sha256 } from "../platform/node/sha256.ts";
import type { Platform } from "../platform/platform.ts";
import { StorageError } from "../util/errors.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { CheckpointStore } from "./folder.ts";

/** Checkpoints that differ in every file; those of odd numbers keep a state of training. */
function checkpoint(number: number): Checkpoint {
  const parameters = { weight: { shape: [2], data: Float32Array.of(number, -number) } };
  const optimiser = { name: "adamw", configuration: {}, step: number, slots: { first: parameters } };
  return {
    model: { name: "lstm", configuration: { number } },
    representation: { name: "performance", configuration: {} },
    controls: [],
    controlFlags: "none" as const,
    provenance: {
      rubato: "0.1.0",
      seed: number,
      steps: number,
      tokensSeen: number,
      command: "rubato train",
      date: "2025-01-02T03:04:05Z",
    },
    parameters,
    ...(number % 2 === 1 && {
      training: { optimiser, random: {}, schedule: { number }, position: { number } },
    }),
  };
}

const folder = "run/last";

async function held(platform: Platform, where = folder): Promise<Checkpoint> {
  const { precision: _, fingerprint: __, ...read } = await readCheckpoint(platform, where);
  return read;
}

async function contents({ store }: Platform, where = folder): Promise<Record<string, Uint8Array>> {
  const files = (await store.stat(where)) === undefined ? [] : await store.list(where);
  const entries = files.map(async ({ path }): Promise<[string, Uint8Array]> => {
    return [`${where}/${path}`, await store.read(`${where}/${path}`)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface Broken {
  readonly change: number;
  readonly error: unknown;
  readonly platform: Platform;
  readonly files: MemoryFiles;
}

/** A write over these files, broken off at each of its changes in turn. */
async function brokenWrites(files: MemoryFiles, next: Checkpoint, death: Death): Promise<readonly Broken[]> {
  const counting = mortalStore(memoryPlatform({ files }).store, death, -1);
  await writeCheckpoint({ store: counting, sha256 }, folder, next);
  const changes = Array.from({ length: counting.changes }, (_, i) => i + 1);
  return Promise.all(
    changes.map(async (change) => {
      const platform = memoryPlatform({ files, sha256 });
      const store = mortalStore(platform.store, death, change);
      const error: unknown = await writeCheckpoint({ store, sha256 }, folder, next).catch(
        (thrown: unknown) => thrown,
      );
      return { change, error, platform, files: await contents(platform) };
    }),
  );
}

async function filesAfter(...checkpoints: readonly Checkpoint[]): Promise<Record<string, Uint8Array>> {
  const platform = memoryPlatform({ sha256 });
  for (const each of checkpoints) await writeCheckpoint(platform, folder, each);
  return contents(platform);
}

const successions = [
  [1, 3],
  [1, 2],
  [2, 1],
  [1, 1],
].map(([old, next]) => ({ old, next }));

describe.each(successions)("checkpoint $next in the place of checkpoint $old", ({ old, next }) => {
  it("leaves one of the two whole when the program is killed, and the next write clears up", async () => {
    const kills = await brokenWrites(await filesAfter(checkpoint(old)), checkpoint(next), "killed");
    expect(kills.length).toBeGreaterThanOrEqual(3);
    const found: number[] = [];
    for (const { error, platform } of kills) {
      expect(error).toBeInstanceOf(Killed);
      const read = await held(platform);
      expect([checkpoint(old), checkpoint(next)]).toContainEqual(read);
      found.push(read.provenance.steps);
      await writeCheckpoint(platform, folder, checkpoint(5));
      expect(await contents(platform)).toEqual(await filesAfter(checkpoint(5)));
    }
    // First the old one, then the new one, and never the other way round.
    expect(found).toEqual(found.toSorted((a, b) => Number(a === next) - Number(b === next)));
    expect(found[0]).toBe(old);
    expect(found.at(-1)).toBe(next);
  });

  it("survives being killed twice, at any two steps", async () => {
    const first = await brokenWrites(await filesAfter(checkpoint(old)), checkpoint(next), "killed");
    for (const { platform, files } of first) {
      const before = await held(platform);
      for (const second of await brokenWrites(files, checkpoint(7), "killed")) {
        expect([before, checkpoint(7)]).toContainEqual(await held(second.platform));
      }
    }
  });

  it("leaves the old one as it was when the disk is full, and says so", async () => {
    const before = await filesAfter(checkpoint(old));
    for (const { error, files, platform } of await brokenWrites(before, checkpoint(next), "full")) {
      expect(error).toBeInstanceOf(StorageError);
      const read = await held(platform);
      if (old !== next && read.provenance.steps === next) continue;
      expect(Object.keys(files).filter((path) => !path.endsWith(".pending"))).toEqual(Object.keys(before));
      if (old !== next) expect(files).toEqual(before);
    }
  });

  it("is read as one or the other while it is put there", async () => {
    const before = await filesAfter(checkpoint(old));
    const kills = await brokenWrites(before, checkpoint(next), "killed");
    const moments = [
      before,
      ...kills.map(({ files }) => files),
      await filesAfter(checkpoint(old), checkpoint(next)),
    ];
    const stores = moments.map((files) => memoryPlatform({ files }).store);
    /** The n-th look at the store sees the moment that the n-th number names. */
    const read = (times: readonly number[]) => {
      let looks = 0;
      const now = (): CheckpointStore => stores[times[Math.min(looks++, times.length - 1)]];
      const store: CheckpointStore = {
        ...stores[0],
        stat: (path) => now().stat(path),
        read: (path) => now().read(path),
      };
      return readCheckpoint({ store, sha256 }, folder);
    };
    const schedules = fc
      .array(fc.nat(moments.length - 1), { minLength: 1, maxLength: 20 })
      .map((times) => times.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(schedules, async (times) => {
        const { precision: _, fingerprint: __, ...found } = await read(times);
        expect([checkpoint(old), checkpoint(next)]).toContainEqual(found);
      }),
      { numRuns: 500 },
    );
  });
});

it("leaves nothing, or the whole checkpoint, when the first write is killed", async () => {
  for (const { platform } of await brokenWrites({}, checkpoint(1), "killed")) {
    const there = (await platform.store.stat(`${folder}/config.json`)) !== undefined;
    if (there) expect(await held(platform)).toEqual(checkpoint(1));
    await writeCheckpoint(platform, folder, checkpoint(2));
    expect(await contents(platform)).toEqual(await filesAfter(checkpoint(2)));
  }
});

it("leaves alone what else lies in the folder", async () => {
  const notes = { [`${folder}/README.md`]: "mine", [`${folder}/old/model.safetensors`]: "mine" };
  const platform = memoryPlatform({ sha256, files: notes });
  await writeCheckpoint(platform, folder, checkpoint(1));
  await writeCheckpoint(platform, folder, checkpoint(2));
  expect(Object.keys(await contents(platform))).toEqual([
    `${folder}/README.md`,
    `${folder}/config.json`,
    `${folder}/model.safetensors`,
    `${folder}/old/model.safetensors`,
  ]);
});

it("holds on a real disk", async () => {
  const disk = await mkdtemp(join(tmpdir(), "rubato-checkpoint-"));
  try {
    const { store } = nodePlatform();
    const counting = mortalStore(store, "killed", -1);
    await writeCheckpoint({ store: counting, sha256 }, join(disk, "0"), checkpoint(1));
    for (let change = 1; change <= counting.changes; change++) {
      const place = join(disk, String(change));
      await writeCheckpoint(nodePlatform(), place, checkpoint(1));
      const mortal = { store: mortalStore(store, "killed", change), sha256 };
      await expect(writeCheckpoint(mortal, place, checkpoint(3))).rejects.toThrow(Killed);
      expect([checkpoint(1), checkpoint(3)]).toContainEqual(await held(nodePlatform(), place));
      await writeCheckpoint(nodePlatform(), place, checkpoint(2));
      expect(await held(nodePlatform(), place)).toEqual(checkpoint(2));
      expect(Object.keys(await contents(nodePlatform(), place))).toHaveLength(2);
    }
  } finally {
    await rm(disk, { recursive: true });
  }
});
