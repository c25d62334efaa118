/** @module Controls: what a model is told about the music to come. One file and one line each. */
import type { Representation } from "../representations/index.ts";
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { composer } from "./composer.ts";
import { type Conditioning, type ControlFlags, createConditioning } from "./conditioning.ts";
import type { Control, ControlDefinition } from "./control.ts";
import { interOnset } from "./inter-onset.ts";
import { meanVelocity } from "./mean-velocity.ts";
import { noteDensity } from "./note-density.ts";
import { pitchClassHistogram } from "./pitch-class-histogram.ts";

export const controls = {
  "note-density": noteDensity,
  "pitch-class-histogram": pitchClassHistogram,
  "mean-velocity": meanVelocity,
  "inter-onset": interOnset,
  composer,
} as const satisfies Readonly<Record<string, ControlDefinition>>;

export type ControlName = keyof typeof controls;

/** A control by name, or with a configuration of its own. */
export type ControlChoice = string | { readonly name: string; readonly config?: unknown };

const byName: ReadonlyMap<string, ControlDefinition> = new Map(Object.entries(controls));

/**
 * Makes a control by name, from a configuration as JSON.
 *
 * @throws UsageError for an unknown name; ConfigError for a configuration that does not fit.
 */
export function openControl(name: string, config?: unknown): Control {
  const definition = byName.get(name);
  if (definition) return definition.open(config);
  const names = [...byName.keys()];
  throw new UsageError(
    `found control "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

/**
 * What a model is told beside the tokens of a representation.
 *
 * @throws UsageError and ConfigError as `controlsFor` does
 */
export function openConditioning(
  representation: Representation,
  choices: readonly ControlChoice[],
  flags: ControlFlags,
): Conditioning {
  return createConditioning(controlsFor(representation, choices), flags);
}

/**
 * The controls chosen for a representation, in the order of the choices: the order of their floats.
 *
 * @throws UsageError for an unknown name, or where the representation has no timeline to compute controls from.
 */
export function controlsFor(
  representation: Representation,
  choices: readonly ControlChoice[],
): readonly Control[] {
  const chosen = choices.map((choice) =>
    typeof choice === "string" ? openControl(choice) : openControl(choice.name, choice.config),
  );
  if (chosen.length > 0 && representation.timeline === undefined) {
    throw new UsageError(
      `found ${chosen.map(({ name }) => `\`${name}\``).join(" and ")} with representation \`${representation.name}\`, ` +
        "expected a stream of events such as `performance`: controls follow its time shifts",
    );
  }
  return chosen;
}

export { type Conditioning, type ControlFlags, controlFlags, unconditioned } from "./conditioning.ts";
export type { About, Control, ControlDefinition, ControlOption, Trial } from "./control.ts";
