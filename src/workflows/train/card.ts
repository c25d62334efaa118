/** @file The model card of a run, `README.md`: what it is, what it learnt from, how well, and how to do it again. */
import type { Corpus } from "../../corpus/index.ts";
import type { Model } from "../../models/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Configuration } from "./configuration.ts";
import { countShapes } from "./describe.ts";
import type { Standing } from "./state.ts";

export interface CardOptions {
  readonly platform: Platform;
  readonly name: string;
  readonly model: Model;
  readonly corpus: Corpus;
  readonly configuration: Configuration;
  readonly standing: Standing;
  readonly command: string;
  readonly parent: string | undefined;
}

export function writeCard(options: CardOptions): string {
  const { platform, name, model, corpus, configuration, standing, command, parent } = options;
  const { train, validation } = corpus.index.totals;
  const hours = (seconds = 0) => (seconds / 3600).toFixed(2);
  const loss =
    standing.best === null
      ? "not measured"
      : `${standing.best.toFixed(4)} ${model.outcome.unit === "nats" ? "nats per event" : "(no likelihood)"}`;
  const { version, commit } = platform.release;
  const rows: readonly (readonly [string, string])[] = [
    ["model", `${model.name}, ${countShapes(model).toLocaleString("en")} parameters`],
    ["representation", `${corpus.representation.name}, ${model.vocabularySize} classes`],
    [
      "corpus",
      `${corpus.index.name}: ${train?.pieces ?? 0} pieces (${hours(train?.seconds)} h) to train, ${validation?.pieces ?? 0} (${hours(validation?.seconds)} h) to validate`,
    ],
    ...(parent === undefined ? [] : [["began from", parent] as const]),
    ["lowest validation loss", loss],
    ["updates", `${standing.step.toLocaleString("en")}, ${standing.tokens.toLocaleString("en")} events`],
    ["passes over the corpus", (standing.tokens / Math.max(1, train?.tokens ?? 1)).toFixed(2)],
    ["time", `${(standing.seconds / 60).toFixed(1)} minutes on ${platform.machine}`],
    ["seed", String(configuration.training.seed)],
    ["Rubato", commit === undefined ? version : `${version}, commit ${commit}`],
    ["state", standing.ended ?? "under way, or interrupted"],
  ];
  return [
    `# ${name}`,
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([key, value]) => `| ${key} | ${value} |`),
    "",
    "Made by",
    "",
    `    ${command}`,
    "",
    "All options are in `config.yaml`; the corpus, that file and the commit make it again. Curves are in `metrics.jsonl` and",
    "for TensorBoard; `rubato runs` shows them. `checkpoints/best` validated best, `checkpoints/last` is what",
    "`rubato train --resume` goes on from.",
    "",
    "Validation loss is measured on fixed windows of at most " +
      `${configuration.validation.window ?? configuration.training.window} events, without variations; \`rubato evaluate\` measures it by the published protocol.`,
    "",
    "## Licence",
    "",
    "What was learnt from a corpus is bound to the corpus's terms: weights trained on MAESTRO, for one, are under",
    "CC BY-NC-SA 4.0.",
    "",
  ].join("\n");
}
