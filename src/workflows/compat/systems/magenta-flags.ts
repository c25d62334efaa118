/** @file What Magenta's programs have in common: configurations, hyper-parameters, and the level of logging. */
import { UsageError } from "../../../util/errors.ts";
import { suggestion } from "../../../util/suggest.ts";
import { published, publishedOf } from "../../train/published.ts";
import { text } from "../flags.ts";
import { readPairs } from "../program.ts";

export const configurationNames: readonly string[] = Object.keys(published);

/**
 * What a published configuration takes music as: a representation, and its options as `--set` has them.
 *
 * @throws UsageError for a configuration that was never published
 */
export function representationOf(config = "performance"): {
  readonly name: string;
  readonly set: readonly string[];
} {
  const found = publishedOf(config);
  if (found) {
    const { name, config: options } = found.representation;
    return { name, set: Object.entries(options).map(([key, value]) => `${key}=${JSON.stringify(value)}`) };
  }
  throw new UsageError(
    `found --config=${config}, expected one of ${configurationNames.join(", ")}${suggestion(config, configurationNames)}`,
  );
}

const levels: readonly string[] = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

export const logFlag = text(
  ["--log"],
  "INFO",
  `least level of what is told: ${levels.join(", ")}; from ERROR on, no remarks`,
);

/** @throws UsageError for a level that there is not */
export function isQuiet(level = "INFO"): boolean {
  const found = levels.indexOf(level.toUpperCase());
  if (found >= 0) return found >= levels.indexOf("ERROR");
  throw new UsageError(`found --log=${level}, expected one of ${levels.join(", ")}`);
}

/** What `--hparams` says, as settings of a training. */
export interface Hparams {
  readonly batchSize: number | undefined;
  readonly learningRate: number | undefined;
  readonly settings: readonly string[];
  readonly remarks: readonly string[];
}

const knownHparams = [
  "batch_size",
  "rnn_layer_sizes",
  "dropout_keep_prob",
  "attn_length",
  "clip_norm",
  "learning_rate",
  "residual_connections",
  "use_cudnn",
] as const;

/** @throws UsageError for names that Magenta's model does not have, and for values that do not fit */
export function readHparams(line = ""): Hparams {
  const given = new Map(readPairs(line));
  for (const name of given.keys()) {
    if (knownHparams.some((known) => known === name)) continue;
    throw new UsageError(
      `found ${name} in --hparams, expected one of ${knownHparams.join(", ")}${suggestion(name, knownHparams)}`,
    );
  }
  const number = (name: (typeof knownHparams)[number]) => {
    const value = given.get(name);
    if (value === undefined) return undefined;
    if (value !== "" && Number.isFinite(Number(value))) return Number(value);
    throw new UsageError(`found ${name}=${value} in --hparams, expected a number`);
  };
  const keep = number("dropout_keep_prob");
  const clip = number("clip_norm");
  const attention = number("attn_length");
  return {
    batchSize: number("batch_size"),
    learningRate: number("learning_rate"),
    settings: [
      ...layerSettings(given.get("rnn_layer_sizes")),
      ...(keep === undefined ? [] : [`model.config.dropout=${Number((1 - keep).toFixed(6))}`]),
      ...(clip === undefined ? [] : [`training.clipNorm=${clip}`]),
    ],
    remarks: [
      ...(attention === undefined || attention === 0
        ? []
        : [
            "attn_length is not done: the LSTM has no attention, and --preset transformer is what attends here",
          ]),
      ...(given.get("residual_connections") === "true"
        ? [
            "residual_connections is not done: each layer reads the one below alone, as in the published models",
          ]
        : []),
      ...(given.has("use_cudnn")
        ? ["use_cudnn changes nothing: where it is computed is said with --device"]
        : []),
    ],
  };
}

function layerSettings(sizes: string | undefined): readonly string[] {
  if (sizes === undefined) return [];
  const [first, ...others] = sizes
    .split(/[[\],\s]+/)
    .filter((word) => word !== "")
    .map(Number);
  if (Number.isInteger(first) && first > 0 && others.every((size) => size === first)) {
    return [`model.config.layers=${1 + others.length}`, `model.config.hiddenSize=${first}`];
  }
  throw new UsageError(
    `found rnn_layer_sizes=${sizes} in --hparams, expected layers of one size, as in [512,512,512]`,
  );
}
