/** @file Running one of our own commands from what a foreign line stood for: its options are checked here. */
import type { Platform } from "../../platform/platform.ts";
import { readConfiguration } from "../../util/configuration.ts";
import { type Converted, convert } from "../convert/index.ts";
import { type Evaluation, evaluate } from "../evaluate/index.ts";
import { type Generated, generate } from "../generate/index.ts";
import { type ComposerRow, listComposers, type Prepared, prepare } from "../prepare/index.ts";
import { type Rendered, render } from "../render/index.ts";
import { type RunsReport, runs } from "../runs/index.ts";
import { type TrainContext, type Trained, train } from "../train/index.ts";
import { type NativeStep, natives } from "./native.ts";

/** What a step came to, by the kind of what it gave. */
export type StepResult =
  | { readonly kind: "corpus"; readonly value: Prepared }
  | { readonly kind: "composers"; readonly value: readonly ComposerRow[] }
  | { readonly kind: "training"; readonly value: Trained }
  | { readonly kind: "music"; readonly value: Generated }
  | { readonly kind: "evaluation"; readonly value: Evaluation }
  | { readonly kind: "conversion"; readonly value: Converted }
  | { readonly kind: "sound"; readonly value: Rendered }
  | { readonly kind: "runs"; readonly value: RunsReport }
  | { readonly kind: "refusal"; readonly value: { readonly file: string; readonly why: string } };

export type PerformOptions = Omit<TrainContext, "platform">;

type Performer = (platform: Platform, options: unknown, context: PerformOptions) => Promise<StepResult>;

const performers: Readonly<Record<NativeStep["workflow"], Performer>> = {
  async prepare(platform, json) {
    const options = readConfiguration(natives.prepare.schema, json, "prepare");
    return options.list
      ? { kind: "composers", value: await listComposers(platform, options) }
      : { kind: "corpus", value: await prepare(platform, options) };
  },
  async train(platform, json, context) {
    const options = readConfiguration(natives.train.schema, json, "train");
    return { kind: "training", value: await train(options, { ...context, platform }) };
  },
  async generate(platform, json, { signal }) {
    const { seed = "0", ...options } = readConfiguration(natives.generate.schema, json, "generate");
    return { kind: "music", value: await generate(platform, { ...options, seed }, { signal }) };
  },
  async evaluate(platform, json) {
    const options = readConfiguration(natives.evaluate.schema, json, "evaluate");
    return { kind: "evaluation", value: await evaluate(platform, options) };
  },
  async convert(platform, json) {
    const options = readConfiguration(natives.convert.schema, json, "convert");
    return { kind: "conversion", value: await convert(platform, options) };
  },
  async render(platform, json) {
    const options = readConfiguration(natives.render.schema, json, "render");
    return { kind: "sound", value: await render(platform, options) };
  },
  async runs(platform, json) {
    const options = readConfiguration(natives.runs.schema, json, "runs");
    return { kind: "runs", value: await runs(platform, options) };
  },
};

/** @throws ConfigError for options that the workflow does not know, and what the workflow throws */
export function perform(
  platform: Platform,
  { workflow, options }: NativeStep,
  context: PerformOptions,
): Promise<StepResult> {
  return performers[workflow](platform, options, context);
}
