/**
 * @file Performance RNN's published configurations by the names that Magenta gave them: `rubato train my-midi-files --config
 * performance_with_dynamics`. Source: REPRESENTATIONS 1.6; docs/reference/performance-rnn.md says what each is.
 */
import { openRepresentation, type Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import type { ConfigurationInput } from "./configuration.ts";
import type { Preset, RepresentationSettings } from "./presets.ts";

export interface Published extends Preset {
  readonly representation: RepresentationSettings;
}

/** Events with 32 classes of velocity, and with none. */
const events: RepresentationSettings = { name: "performance", config: { velocityBins: 32 } };
const plainEvents: RepresentationSettings = { name: "performance", config: { velocityBins: 0 } };
const tuples: RepresentationSettings = { name: "note-tuple", config: {} };

/** Pitches stand on a circle of twelve octaves and on one of twelve classes; shifts and velocities each on one of their own. */
const moduloCircles = [
  { tokens: 128, periods: [144, 12] },
  { tokens: 128, periods: [144, 12] },
  { tokens: 100, periods: [100] },
  { tokens: 32, periods: [32] },
];
const tupleFields = openRepresentation(tuples.name, tuples.config).fields.map(({ size }) => size);

const density = "note-density";
const histogram = "pitch-class-histogram";

interface Difference {
  readonly model?: Readonly<Record<string, unknown>>;
  readonly controls?: ConfigurationInput["controls"];
  readonly clipNorm?: number;
}

/**
 * What all of them share. A window is Magenta's batch of 64 sequences, but 128 events of each at a time, which go on from
 * the state that the 128 before them ended in: four times as many updates for the same music as with windows of 512, and
 * nothing is left out behind the 512th event.
 */
function configuration({ model = {}, controls, clipNorm = 3 }: Difference = {}): ConfigurationInput {
  return {
    model: { name: "lstm", config: { layers: 3, hiddenSize: 512, dropout: 0, ...model } },
    controls: controls ?? { names: [] },
    optimiser: { name: "adam" },
    schedule: { name: "constant" },
    training: {
      batchSize: 64,
      window: 128,
      carry: true,
      accumulate: 1,
      learningRate: 1e-3,
      clipNorm,
      averageDecay: 0,
    },
  };
}

const conditioned = (...names: string[]): ConfigurationInput =>
  configuration({ controls: { names, flags: "none" } });

const withDynamics: Published = {
  summary: "notes, time shifts and 32 velocities: 388 events",
  representation: events,
  configuration: configuration(),
};

export const published = {
  performance: {
    summary: "notes and time shifts without dynamics: 356 events",
    representation: plainEvents,
    configuration: configuration(),
  },
  performance_with_dynamics: withDynamics,
  // Compact was how Magenta stored its examples; tokens are stored as indices here in any case.
  performance_with_dynamics_compact: withDynamics,
  performance_with_dynamics_and_modulo_encoding: {
    summary: "388 events, heard as places on circles: 16 numbers each",
    representation: events,
    configuration: configuration({ model: { circles: moduloCircles } }),
  },
  performance_with_dynamics_and_note_encoding: {
    summary: "a step per note: shift, pitch, velocity, duration as six softmaxes",
    representation: tuples,
    // Their loss is the mean of six, ours the sum: six times as long a gradient is cut at six times the length.
    configuration: configuration({ model: { fields: tupleFields }, clipNorm: 18 }),
  },
  density_conditioned_performance_with_dynamics: {
    summary: "388 events, told how many notes a second follow",
    representation: events,
    configuration: conditioned(density),
  },
  pitch_conditioned_performance_with_dynamics: {
    summary: "388 events, told which pitch classes follow",
    representation: events,
    configuration: conditioned(histogram),
  },
  multiconditioned_performance_with_dynamics: {
    summary: "388 events, told density and pitch classes",
    representation: events,
    configuration: conditioned(density, histogram),
  },
  optional_multiconditioned_performance_with_dynamics: {
    summary: "388 events, told density and pitch classes, or that neither is told",
    representation: events,
    // They write every example twice, told and not told.
    configuration: configuration({
      controls: { names: [density, histogram], flags: "shared", dropOut: 0.5 },
    }),
  },
} as const satisfies Readonly<Record<string, Published>>;

export type PublishedName = keyof typeof published;

const byName: ReadonlyMap<string, Published> = new Map(Object.entries(published));

export const publishedOf = (name: string | undefined): Published | undefined =>
  name === undefined ? undefined : byName.get(name);

/** For what is neither the name of a configuration nor that of a file. */
export function unknownConfiguration(name: string): UsageError {
  const names = [...byName.keys()];
  return new UsageError(
    `found --config "${name}", expected a YAML file, or a published configuration: ${names.join(", ")}${suggestion(name, names)}`,
  );
}

/**
 * A corpus that was prepared already has to hold what the configuration is of.
 *
 * @throws UsageError where it holds another vocabulary
 */
export function expectVocabulary({ representation }: Published, corpus: Representation, path: string): void {
  const { name, config } = representation;
  const wanted = openRepresentation(name, config);
  const written = ({ name: of, fields }: Representation) =>
    `\`${of}\` with ${fields.map(({ size }) => size).join(" + ")} classes`;
  if (written(corpus) === written(wanted)) return;
  const set = Object.entries(config).map(([key, value]) => ` --set ${key}=${String(value)}`);
  throw new UsageError(
    `found a corpus of ${written(corpus)} in ${path}, expected ${written(wanted)}: train on the MIDI files themselves, or prepare them with --representation ${name}${set.join("")}`,
  );
}
