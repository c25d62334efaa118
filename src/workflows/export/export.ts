/**
 * @file `export`: a model as an `.onnx` file that needs nothing beside it. Its metadata says what its states are, what becomes
 * of them from step to step, and what each token means, so that a program that never heard of Rubato can play with it.
 */
import { z } from "zod";
import {
  exportForward,
  exportSampling,
  exportStep,
  type Precision as GraphPrecision,
  type Model,
} from "../../models/index.ts";
import { encodeModel, type Model as OnnxModel } from "../../onnx/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import type { Parameters } from "../../util/parameters.ts";
import { findModel } from "../model/index.ts";

export const exportSchema = z.object({
  model: z.string().min(1).describe("a folder, a run, the name of a model that ships, or `last`"),
  output: z.string().min(1).optional().describe("the file (default: <model>-<graph>.onnx)"),
  graph: z
    .enum(["step", "forward", "sampling"])
    .default("step")
    .describe(
      "step: one token and a state; forward: a whole window; sampling: several steps that draw their tokens",
    ),
  precision: z
    .enum(["float32", "int8"])
    .default("float32")
    .describe("of the products of matrices; int8 is a quarter of the size"),
  batch: z.int().positive().optional().describe("sequences side by side (default: any number; forward: 1)"),
  steps: z
    .int()
    .positive()
    .optional()
    .describe("length of the window of `forward` (default: 512), or steps a call of `sampling` (default: 8)"),
});

export type ExportOptions = z.output<typeof exportSchema>;

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  readonly graph: ExportOptions["graph"];
  readonly precision: GraphPrecision;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** @throws UsageError for a model that has no such graph; StorageError as the store does */
export async function exportModel(
  platform: Platform,
  input: z.input<typeof exportSchema>,
): Promise<Exported> {
  const options = exportSchema.parse(input);
  const found = await findModel(platform, options.model);
  const { model, representation, checkpoint } = found;
  const path = options.output ?? `${fileName(found.name)}-${options.graph}.onnx`;
  if (!path.endsWith(".onnx")) {
    throw new UsageError(`--output: found ${path}, expected a name that ends in .onnx`);
  }
  const graph = graphOf(model, checkpoint.parameters, options, {
    "rubato.representation": JSON.stringify({
      name: representation.name,
      configuration: representation.config,
    }),
    "rubato.tokens": tokenNames(representation),
    "rubato.fingerprint": checkpoint.fingerprint,
  });
  const bytes = encodeModel(graph);
  await platform.store.write(path, bytes);
  return {
    path,
    bytes: bytes.length,
    graph: options.graph,
    precision: options.precision,
    inputs: graph.graph.inputs.map(({ name }) => name),
    outputs: graph.graph.outputs.map(({ name }) => name),
  };
}

function graphOf(
  model: Model,
  parameters: Parameters,
  { graph, precision, batch, steps }: ExportOptions,
  metadata: Readonly<Record<string, string>>,
): OnnxModel {
  const common = { precision, metadata };
  const width = batch === undefined ? {} : { batch };
  if (graph === "step") return exportStep(model, parameters, { ...common, ...width });
  if (graph === "sampling")
    return exportSampling(model, parameters, { ...common, ...width, steps: steps ?? 8 });
  return exportForward(model, parameters, {
    ...common,
    batch: batch ?? 1,
    steps: steps ?? Math.min(512, model.context ?? 512),
  });
}

/** Separated by blanks, for no name has one; of representations with several fields, field after field. */
function tokenNames(representation: Representation): string {
  return representation.fields
    .flatMap(({ size }, field) =>
      Array.from({ length: size }, (_, token) => representation.describe(token, field)),
    )
    .join(" ");
}

const fileName = (name: string) => name.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
