/** @file The configuration of a training out of what was typed, and of the run or the model that it goes on from. */
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import type { FoundModel } from "../model/index.ts";
import { readSettings } from "../settings.ts";
import type { Configuration } from "./configuration.ts";
import { flagLayer, type Layer, presetLayer, readLayers, yamlLayer } from "./layers.ts";
import type { TrainOptions } from "./options.ts";
import { presetNames, presetOf } from "./presets.ts";
import { publishedOf, unknownConfiguration } from "./published.ts";

/** Plain flags, what they stand for, and what was given. */
const flagsOf = (
  options: TrainOptions,
): readonly (readonly [flag: string, path: string, value: unknown])[] => [
  ["--controls", "controls.names", options.controls?.split(",").map((name) => name.trim())],
  ["--epochs", "training.epochs", options.epochs],
  ["--steps", "training.steps", options.steps],
  ["--batch-size", "training.batchSize", options.batchSize],
  ["--learning-rate", "training.learningRate", options.learningRate],
  ["--window", "training.window", options.window],
  ["--seed", "training.seed", options.seed],
  ["<corpus>", "corpus", options.corpus],
  ["--from", "from", options.from],
];

/** Where the corpus lies now may be said to a run that goes on. */
const isOnlyCorpus = (values: unknown): boolean =>
  typeof values === "object" && values !== null && Object.keys(values).every((key) => key === "corpus");

export async function readConfigurationOf(
  platform: Platform,
  options: TrainOptions,
  { run, parent }: { readonly run: string | undefined; readonly parent: FoundModel | undefined },
): Promise<Configuration> {
  const typed = typedLayers(options);
  if (run !== undefined) {
    if (
      typed.some(({ values }) => !isOnlyCorpus(values)) ||
      options.config !== undefined ||
      options.preset !== undefined ||
      parent
    ) {
      throw new UsageError(
        "found options of a new training beside --resume, expected a run to go on as it was: leave them out, or begin anew with --from",
      );
    }
    return readLayers([await fileLayer(platform, `${run}/config.yaml`), ...typed]);
  }
  const given = options.config === undefined ? undefined : await configLayer(platform, options.config);
  // What was published is a whole configuration, and begins with nothing.
  const isWhole = publishedOf(options.config) !== undefined && options.preset === undefined && !parent;
  const preset = options.preset ?? presetNames.find((name) => name === parent?.model.name) ?? "transformer";
  const { model, ...others } = presetOf(preset).configuration;
  return readLayers([
    ...(isWhole ? [] : [presetLayer(preset, parent ? others : { model, ...others })]),
    ...(parent ? [tuningLayer(parent)] : []),
    ...(given ? [given] : []),
    ...typed,
  ]);
}

/** A published configuration by name, or a file. */
async function configLayer(platform: Platform, config: string): Promise<Layer> {
  const known = publishedOf(config);
  if (known) return { values: known.configuration, where: () => `--config ${config}` };
  if ((await platform.store.stat(config)) === undefined) throw unknownConfiguration(config);
  return fileLayer(platform, config);
}

const fileLayer = async ({ store }: Platform, path: string): Promise<Layer> =>
  yamlLayer(new TextDecoder().decode(await store.read(path)), path);

/** What was typed: `--set` first, since a plain flag is the plainer word. */
function typedLayers(options: TrainOptions): readonly Layer[] {
  const settings = Object.entries(readSettings(options.set)).map(
    ([path, value]) => [path, [`--set ${path}`, value]] as const,
  );
  const plain = flagsOf(options).flatMap(([flag, path, value]) =>
    value === undefined ? [] : [[path, [flag, value]] as const],
  );
  return [settings, plain]
    .filter((each) => each.length > 0)
    .map((each) => flagLayer(Object.fromEntries(each)));
}

/** Weights that know much already are moved gently, a few times over what is new; their model cannot be another one. */
function tuningLayer({ name, model, checkpoint }: FoundModel): Layer {
  const { vocabularySize: _, controls: __, ...config } = model.config;
  const isRecurrent = model.context === undefined && !Object.hasOwn(config, "heads");
  return {
    values: {
      model: { name: model.name, config },
      ...(checkpoint.controls.length > 0 && {
        controls: {
          names: checkpoint.controls.map((control) => ({
            name: control.name,
            config: control.configuration,
          })),
          flags: checkpoint.controlFlags,
        },
      }),
      optimiser: { name: "adamw" },
      training: { learningRate: isRecurrent ? 5e-4 : 3e-4, epochs: 5, averageDecay: 0.99 },
    },
    where: () => `model ${name}`,
  };
}
