/** @file Models that predict one token after the other: those whose surprise is one number for each token. */
import type { Model } from "../../models/index.ts";
import { UsageError } from "../../util/errors.ts";

/** @throws UsageError for a model that predicts several tokens at once */
export function expectTokenByToken(name: string, model: Pick<Model, "outcome">): void {
  if (model.outcome.fields === 1) return;
  throw new UsageError(
    `found model ${name}, which predicts ${model.outcome.fields} tokens at once, expected one that predicts token after token: choose another model`,
  );
}
