/** @module Representations: how music becomes tokens. One file and one line each. */

import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { melodyRepresentation } from "./melody.ts";
import { multitrackRepresentation } from "./multitrack.ts";
import { noteTupleRepresentation } from "./note-tuple.ts";
import { notesRepresentation } from "./notes.ts";
import { performanceRepresentation } from "./performance.ts";
import { performancePedalRepresentation } from "./performance-pedal.ts";
import { pitchesRepresentation } from "./pitches.ts";
import type { Representation, RepresentationDefinition } from "./representation.ts";

export const representations = {
  performance: performanceRepresentation,
  "performance-pedal": performancePedalRepresentation,
  notes: notesRepresentation,
  "note-tuple": noteTupleRepresentation,
  multitrack: multitrackRepresentation,
  pitches: pitchesRepresentation,
  melody: melodyRepresentation,
} as const satisfies Readonly<Record<string, RepresentationDefinition>>;

export type RepresentationName = keyof typeof representations;

const byName: ReadonlyMap<string, RepresentationDefinition> = new Map(Object.entries(representations));

/**
 * Makes a representation by name, from a configuration as JSON.
 *
 * @throws UsageError for an unknown name; ConfigError for a configuration that does not fit.
 */
export function openRepresentation(name: string, config?: unknown): Representation {
  const definition = byName.get(name);
  if (definition) return definition.open(config);
  throw new UsageError(
    `found representation "${name}", expected one of ${[...byName.keys()].join(", ")}${suggestion(name, [...byName.keys()])}`,
  );
}

export { fieldOrder, flatRepresentation, flatTokens, stepsOfFlat } from "./flat.ts";
export { pitchTokens } from "./pitches.ts";
export {
  type DecodeOptions,
  type Field,
  type GrammarStart,
  type GrammarState,
  type Representation,
  type RepresentationDefinition,
  RepresentationError,
  type Timeline,
} from "./representation.ts";
export { formatTokens, parseTokens, type ReadTokens } from "./text.ts";
