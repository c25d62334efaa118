/** @file A checkpoint: what a model is, its parameters, where they came from, and what training needs to go on. */
import type { ControlFlags } from "../controls/index.ts";
import type { Parameters } from "../util/parameters.ts";
import { CheckpointError } from "./error.ts";
import {
  type CheckpointPlatform,
  type CheckpointSource,
  expectReplaceable,
  parseConfig,
  putPart,
  readConfigText,
  readPart,
  removeStale,
  switchTo,
} from "./folder.ts";
import { type CheckpointConfig, configFormat, type NamedConfiguration, type Provenance } from "./format.ts";
import { expectJson } from "./json.ts";
import { decodeSafetensors, encodeSafetensors, type Precision } from "./safetensors.ts";
import { formatTraining, joinSlots, readTraining, type TrainingState } from "./training-state.ts";
import { formatVersioned } from "./versioned.ts";

export interface Checkpoint {
  readonly model: NamedConfiguration;
  readonly representation: NamedConfiguration;
  /** What the model listens to beside the tokens, in the order of its inputs. */
  readonly controls: readonly NamedConfiguration[];
  /** How a control that is not told is said to be so; "none" unless given. */
  readonly controlFlags?: ControlFlags;
  readonly provenance: Provenance;
  readonly parameters: Parameters;
  /** Absent in what is shipped: from such a checkpoint training begins anew, with its parameters. */
  readonly training?: TrainingState;
}

export interface StoredCheckpoint extends Checkpoint {
  readonly controlFlags: ControlFlags;
  readonly precision: Precision;
  /** SHA-256 of model.safetensors: what descendants name as their parent's. */
  readonly fingerprint: string;
}

/**
 * Writes a checkpoint, in place of the one that the folder may hold. That one stays whole until the new one is: however
 * the program ends, the folder holds one of the two (see `folder.ts`). One file at a time is held in memory beside the
 * numbers themselves.
 *
 * @param precision of the parameters; float16 is for checkpoints without `training`.
 * @returns the fingerprint of the parameters.
 * @throws CheckpointError for a folder with something else in it, and for numbers too large for float16
 * @throws StorageError as the store does
 */
export async function writeCheckpoint(
  platform: CheckpointPlatform,
  folder: string,
  checkpoint: Checkpoint,
  { precision = "float32" }: { readonly precision?: Precision } = {},
): Promise<string> {
  const { parameters, training } = checkpoint;
  expectResumable(precision, training);
  await expectReplaceable(platform.store, folder);
  try {
    const files = {
      "model.safetensors": await putPart(
        platform,
        folder,
        "model.safetensors",
        encodeSafetensors(parameters, { precision }),
      ),
      ...(training && (await putTraining(platform, folder, training))),
    };
    await switchTo(platform.store, folder, formatConfig(checkpoint, precision, files), files);
    return files["model.safetensors"].sha256;
  } catch (error) {
    // What cannot be removed either is removed by the next write; the first failure is the one to tell.
    await Promise.allSettled([removeStale(platform.store, folder)]);
    throw error;
  }
}

function expectResumable(precision: Precision, training: TrainingState | undefined): void {
  if (precision === "float32" || training === undefined) return;
  throw new CheckpointError(
    "found a state of training to be kept with float16 parameters, expected float32, from which training goes on " +
      "exactly: write float32, or leave the state of training out",
  );
}

async function putTraining(platform: CheckpointPlatform, folder: string, training: TrainingState) {
  const text = new TextEncoder().encode(formatTraining(training));
  const arrays = encodeSafetensors(joinSlots(training.optimiser.slots));
  return {
    "optimiser.safetensors": await putPart(platform, folder, "optimiser.safetensors", arrays),
    "training.json": await putPart(platform, folder, "training.json", text),
  };
}

function formatConfig(
  { model, representation, controls, controlFlags = "none", provenance }: Checkpoint,
  precision: Precision,
  files: CheckpointConfig["files"],
): string {
  for (const { name, configuration } of [model, representation, ...controls]) {
    expectJson(configuration, `the configuration of ${name}`);
  }
  return formatVersioned(configFormat, {
    model,
    representation,
    controls: [...controls],
    controlFlags,
    precision,
    provenance,
    files,
  });
}

/**
 * Reads a checkpoint; from a folder that is being written to, the old or the new one, and never a mixture.
 *
 * @param training whether to read what training needs to go on, which is larger than the parameters.
 * @throws CheckpointError where there is none, or it is damaged, or of a newer version
 * @throws StorageError as the store does
 */
export async function readCheckpoint(
  platform: CheckpointSource,
  folder: string,
  { training = true }: { readonly training?: boolean } = {},
): Promise<StoredCheckpoint> {
  const text = await readConfigText(platform.store, folder);
  try {
    return await readParts(platform, folder, parseConfig(text, folder), training);
  } catch (error) {
    // Where another checkpoint was put in place meanwhile, parts of the old one are gone: the new one it is, then.
    if ((await readConfigText(platform.store, folder)) === text) throw error;
    return readCheckpoint(platform, folder, { training });
  }
}

async function readParts(
  platform: CheckpointSource,
  folder: string,
  { model, representation, controls, controlFlags, provenance, precision, files }: CheckpointConfig,
  withTraining: boolean,
): Promise<StoredCheckpoint> {
  const weights = await readPart(platform, folder, "model.safetensors", files["model.safetensors"]);
  const training = withTraining ? await readTrainingParts(platform, folder, files) : undefined;
  return {
    model,
    representation,
    controls,
    controlFlags,
    provenance,
    precision,
    fingerprint: files["model.safetensors"].sha256,
    parameters: decodeSafetensors(weights, `${folder}/model.safetensors`).parameters,
    ...(training && { training }),
  };
}

async function readTrainingParts(
  platform: CheckpointSource,
  folder: string,
  files: CheckpointConfig["files"],
): Promise<TrainingState | undefined> {
  const { "optimiser.safetensors": optimiser, "training.json": state } = files;
  if (optimiser === undefined || state === undefined) return undefined;
  const arrays = await readPart(platform, folder, "optimiser.safetensors", optimiser);
  const text = new TextDecoder().decode(await readPart(platform, folder, "training.json", state));
  const { parameters } = decodeSafetensors(arrays, `${folder}/optimiser.safetensors`);
  return readTraining(text, parameters, `${folder}/training.json`);
}

/**
 * What `config.json` says, without reading the numbers: for a listing, say.
 *
 * @throws CheckpointError where there is none, or it is damaged, or of a newer version
 */
export async function readConfig(platform: CheckpointSource, folder: string): Promise<CheckpointConfig> {
  return parseConfig(await readConfigText(platform.store, folder), folder);
}
