/**
 * @file Pieces side by side, each lane with a session of its own, and each piece by itself: so the number of lanes changes
 * nothing about the music (docs/decisions/0016).
 */
import type { Platform } from "../../platform/platform.ts";
import type { MusicOptions } from "./music-options.ts";
import { openStage, type Playable, type Stage, stepOf } from "./stage.ts";

export interface LaneOptions extends Pick<MusicOptions, "precision" | "threads"> {
  readonly pieces: number;
  readonly lanes: number;
  readonly provider: string | undefined;
}

/**
 * Makes all pieces; where one fails, those that are under way come to their end, and no other begins.
 *
 * @returns milliseconds from the moment that the sessions were open
 * @throws what `make` throws
 */
export async function inLanes(
  { runtime, cores, now }: Pick<Platform, "runtime" | "cores" | "now">,
  playable: Playable,
  { pieces, lanes, precision, threads, provider }: LaneOptions,
  make: (stage: Stage, index: number) => Promise<void>,
): Promise<number> {
  const count = Math.max(1, Math.min(lanes, pieces));
  const each = threads ?? (count > 1 ? Math.max(1, Math.floor(cores / count)) : undefined);
  const step = stepOf(playable, precision);
  const stages: Stage[] = [];
  try {
    for (let lane = 0; lane < count; lane++) {
      stages.push(
        await openStage(runtime, playable, step, {
          // A single lane need not share its thread with others, and copies nothing.
          inline: count === 1,
          ...(each !== undefined && { threads: each }),
          ...(provider !== undefined && { provider }),
        }),
      );
    }
    const begun = now();
    let next = 0;
    let hasFailed = false;
    const work = async (stage: Stage) => {
      while (next < pieces && !hasFailed) {
        await make(stage, next++).catch((error: unknown) => {
          hasFailed = true;
          throw error;
        });
      }
    };
    // All have come to their end before the sessions are given back.
    for (const end of await Promise.allSettled(stages.map(work))) {
      if (end.status === "rejected") throw end.reason;
    }
    return now() - begun;
  } finally {
    await Promise.all(stages.map((stage) => stage.dispose()));
  }
}
