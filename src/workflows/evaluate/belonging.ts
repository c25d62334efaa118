/** @file Whether a model can be measured on a corpus: it answers likelihoods, and both are of the same tokens. */
import type { Corpus } from "../../corpus/index.ts";
import type { Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import type { FoundModel } from "../model/index.ts";

/** @throws UsageError where the corpus is of other tokens than the model */
export function expectSameTokens(corpus: Corpus, representation: Representation): void {
  const [found, expected] = [corpus.representation, representation].map(
    ({ name, config }) => `${name} ${JSON.stringify(sorted(config))}`,
  );
  if (found === expected) return;
  throw new UsageError(
    `found a corpus of ${found} in ${corpus.path} for a model of ${expected}, expected the same tokens: prepare the corpus again with --representation ${representation.name}${settings(representation)}`,
  );
}

/** @throws UsageError for models whose losses are errors and no likelihoods */
export function expectLikelihoods({ name, model }: Pick<FoundModel, "name" | "model">): void {
  if (model.outcome.unit === "nats") return;
  throw new UsageError(
    `found model ${name}, which foretells single numbers, expected one that foretells likelihoods: train one with --set model.config.time=mixture`,
  );
}

const sorted = (config: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));

const settings = ({ config }: Representation) =>
  Object.entries(config)
    .map(([key, value]) => ` --set ${key}=${String(value)}`)
    .join("");
