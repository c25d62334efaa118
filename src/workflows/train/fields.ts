/** @file Whether a model that takes several tokens a step takes those of a corpus. */
import type { Corpus } from "../../corpus/index.ts";
import type { Model } from "../../models/index.ts";
import { UsageError } from "../../util/errors.ts";

/** @throws UsageError where its fields are others */
export function expectFields({ outcome, name }: Model, { representation, path }: Corpus): void {
  const given = representation.fields.map(({ size }) => size).join(", ");
  const taken = outcome.fieldSizes.join(", ");
  if (outcome.fields === 1 || taken === given) return;
  const remedy =
    representation.fields.length === 1
      ? "leave out model.config.fields, or prepare the corpus with the representation that the model is for"
      : `set model.config.fields=[${given}]`;
  throw new UsageError(
    `found model ${name} with fields of ${taken} for the corpus ${path} of \`${representation.name}\` with ${given}, expected the same: ${remedy}`,
  );
}
