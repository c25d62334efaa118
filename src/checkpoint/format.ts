/** @file `config.json`: what a checkpoint is of, where it came from, and the checksums of the files beside it. */
import { z } from "zod";
import { controlFlags } from "../controls/index.ts";
import { precisions } from "./safetensors.ts";
import type { VersionedFormat } from "./versioned.ts";

const count = z.int().min(0);
/** In lower-case hexadecimal. Checked, for names of files are made of it. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in lower-case hexadecimal");

export const namedSchema = z.strictObject({
  name: z.string().min(1),
  configuration: z.record(z.string(), z.unknown()),
});

const provenanceSchema = z.strictObject({
  rubato: z.string().describe("version of Rubato that wrote the checkpoint"),
  commit: z.string().optional().describe("commit of Rubato, where it is known"),
  corpus: z.strictObject({ name: z.string(), fingerprint: z.string() }).optional(),
  seed: z.union([z.number(), z.string()]),
  steps: count.describe("training steps, those of the parent not counted"),
  tokensSeen: count.describe("tokens that these steps learnt from, with repetitions"),
  command: z.string().describe("what to type to do it again"),
  date: z.iso.datetime().describe("when it was written, in UTC"),
  parent: z
    .strictObject({ path: z.string(), fingerprint: sha256 })
    .optional()
    .describe("the checkpoint that training began from"),
});

const fileSchema = z.strictObject({ bytes: count, sha256 });

const contentsSchema = z.strictObject({
  model: namedSchema,
  representation: namedSchema,
  controls: z.array(namedSchema).default([]),
  controlFlags: z
    .enum(controlFlags)
    .default("none")
    .describe("how a control that is not told is said to be so"),
  precision: z.enum(precisions).describe("of the numbers in model.safetensors"),
  provenance: provenanceSchema,
  files: z
    .strictObject({
      "model.safetensors": fileSchema,
      "optimiser.safetensors": fileSchema.optional(),
      "training.json": fileSchema.optional(),
    })
    .refine(
      (files) => (files["optimiser.safetensors"] === undefined) === (files["training.json"] === undefined),
      "expected both or neither of optimiser.safetensors and training.json",
    )
    .describe("size and SHA-256 of each file that belongs to the checkpoint"),
});

/** Something that a registry opens: a model, a representation, a control, an optimiser. */
export interface NamedConfiguration {
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** Where a checkpoint came from, in enough detail to make it again. */
export type Provenance = Readonly<z.output<typeof provenanceSchema>>;

/** What `config.json` holds. */
export type CheckpointConfig = z.output<typeof contentsSchema>;

/** The files beside `config.json`. */
export type PartName = keyof CheckpointConfig["files"];

/** Version 1 is the first: nothing to upgrade from yet. */
export const configFormat: VersionedFormat<typeof contentsSchema> = {
  name: "rubato-checkpoint",
  contents: contentsSchema,
  upgrades: [],
};
