/** @file Models that predict one token after the other: those that can be played, and whose surprise is one number each. */
import type { Model } from "../../models/index.ts";
import { UsageError } from "../../util/errors.ts";

/** Whether each of its predictions is one token. */
export const isTokenByToken = ({ outcome }: Pick<Model, "outcome">): boolean => outcome.fields === 1;

/** @throws UsageError for a model that predicts several tokens at once */
export function expectTokenByToken(name: string, model: Pick<Model, "outcome">): void {
  if (isTokenByToken(model)) return;
  throw new UsageError(
    `found model ${name}, which predicts ${model.outcome.fields} tokens at once, expected one that predicts token after token: choose another model`,
  );
}
