/** @file What the folder of a run tells: its model, how far it came, how well it did, and how it ended. */
import { type CheckpointConfig, CheckpointError, readConfig } from "../../checkpoint/index.ts";
import { type Outcome, openModel } from "../../models/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { type MetricsLine, metricsFile, parseMetrics, type RunState } from "../../tracking/index.ts";
import { ConfigError, UsageError } from "../../util/errors.ts";

export interface RunSummary {
  readonly path: string;
  /** What to call it in a list or a legend. */
  readonly name: string;
  /** From its checkpoint; undefined before there is one. */
  readonly model: string | undefined;
  readonly steps: number;
  readonly tokens: number | undefined;
  /** Seconds of training. */
  readonly seconds: number | undefined;
  /** What its losses are in: nats a token, unless its model foretells single numbers, whose errors are no likelihoods. */
  readonly unit: Outcome["unit"];
  /** The lowest validation loss, and after how many steps. */
  readonly best: { readonly loss: number; readonly step: number } | undefined;
  /** When something was last measured, in milliseconds since 1970. */
  readonly modified: number | undefined;
  /** "unfinished" where nothing tells of an end: it is under way, or was killed. */
  readonly state: RunState | "unfinished";
  /** What is wrong with its checkpoint, in one sentence. */
  readonly damage?: string;
}

export interface Run {
  readonly summary: RunSummary;
  readonly lines: readonly MetricsLine[];
}

/** A loss whose name TensorBoard knows too. */
export const validationLoss = "validation/loss";

/**
 * @throws TrackingError for damaged metrics
 * @throws StorageError as the store does
 */
export async function readRun(platform: Platform, path: string, name: string): Promise<Run> {
  const { store } = platform;
  const file = `${path}/${metricsFile}`;
  const stat = await store.stat(file);
  const text = stat?.kind === "file" ? new TextDecoder().decode(await store.read(file)) : "";
  const lines = parseMetrics(text, file);
  const { config, unit = "nats", damage } = await readModel(platform, path);
  const provenance = config?.provenance;
  return {
    summary: {
      path,
      name,
      model: config?.model.name,
      unit,
      steps: Math.max(provenance?.steps ?? 0, ...lines.slice(-1).map(({ step }) => step)),
      tokens: lastOf(lines, "tokens") ?? provenance?.tokensSeen,
      seconds: lastOf(lines, "seconds"),
      best: bestOf(lines),
      modified: stat?.modified,
      state: lines.at(-1)?.state ?? "unfinished",
      ...(damage !== undefined && { damage }),
    },
    lines,
  };
}

/** The last checkpoint, or the best one where training keeps no last. */
async function readModel(
  platform: Platform,
  path: string,
): Promise<{
  readonly config?: CheckpointConfig;
  readonly unit?: Outcome["unit"];
  readonly damage?: string;
}> {
  for (const name of ["last", "best"]) {
    const folder = `${path}/checkpoints/${name}`;
    if ((await platform.store.stat(`${folder}/config.json`)) === undefined) continue;
    try {
      const config = await readConfig(platform, folder);
      const { name, configuration } = config.model;
      return { config, unit: openModel(name, configuration).outcome.unit };
    } catch (error) {
      if (error instanceof CheckpointError || error instanceof UsageError || error instanceof ConfigError)
        return { damage: error.message };
      throw error;
    }
  }
  return {};
}

function lastOf(lines: readonly MetricsLine[], name: string): number | undefined {
  return lines.findLast(({ numbers }) => numbers[name] !== undefined)?.numbers[name];
}

function bestOf(lines: readonly MetricsLine[]): RunSummary["best"] {
  let best: RunSummary["best"];
  for (const { step, numbers } of lines) {
    const loss = numbers[validationLoss];
    if (loss !== undefined && (best === undefined ? Number.isFinite(loss) : loss < best.loss))
      best = { loss, step };
  }
  return best;
}
