/** @file A checkpoint, opened: the model and the representation that it is of, and parameters that fit. */
import { type Conditioning, openConditioning } from "../controls/index.ts";
import { type Model, openModel } from "../models/index.ts";
import { openRepresentation, type Representation } from "../representations/index.ts";
import { readCheckpoint, type StoredCheckpoint } from "./checkpoint.ts";
import { CheckpointError } from "./error.ts";
import { fitParameters } from "./fit.ts";
import type { CheckpointSource } from "./folder.ts";

export interface OpenedCheckpoint {
  readonly folder: string;
  readonly model: Model;
  readonly representation: Representation;
  /** What the model is told beside the tokens. */
  readonly conditioning: Conditioning;
  readonly checkpoint: StoredCheckpoint;
}

/**
 * Reads a checkpoint and makes its model and representation.
 *
 * @param training whether to read what training needs to go on.
 * @throws CheckpointError where there is none, it is damaged, or its parts do not belong together
 * @throws StorageError as the store does
 */
export async function openCheckpoint(
  platform: CheckpointSource,
  folder: string,
  { training = false }: { readonly training?: boolean } = {},
): Promise<OpenedCheckpoint> {
  const stored = await readCheckpoint(platform, folder, { training });
  const model = openModel(stored.model.name, stored.model.configuration);
  const representation = openRepresentation(stored.representation.name, stored.representation.configuration);
  if (model.vocabularySize !== representation.vocabularySize) {
    throw new CheckpointError(
      `found a model of ${model.vocabularySize} tokens for \`${representation.name}\` with ${representation.vocabularySize} in ${folder}, expected the same number: take the config.json that belongs to these weights`,
      folder,
    );
  }
  const choices = stored.controls.map(({ name, configuration }) => ({ name, config: configuration }));
  const conditioning = openConditioning(representation, choices, stored.controlFlags);
  if (model.controls !== conditioning.size) {
    throw new CheckpointError(
      `found a model of ${model.controls} control floats for controls of ${conditioning.size} in ${folder}, expected the same number: take the config.json that belongs to these weights`,
      folder,
    );
  }
  const shapes = Object.fromEntries(
    Object.entries(model.parameters).map(([name, { shape }]) => [name, shape]),
  );
  const parameters = fitParameters(shapes, stored.parameters);
  return { folder, model, representation, conditioning, checkpoint: { ...stored, parameters } };
}
