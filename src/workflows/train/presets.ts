/** @file Where a configuration begins: one line each. Files, `--set` and plain flags are laid over it. */
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import type { ConfigurationInput } from "./configuration.ts";
import { systemPresetNames, systemPresets } from "./system-presets.ts";

export interface Preset {
  readonly summary: string;
  readonly configuration: ConfigurationInput;
  /** What MIDI is prepared as where it is no corpus yet and nothing else was asked for; `performance` unless given. */
  readonly representation?: RepresentationSettings;
}

export interface RepresentationSettings {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Small batches, here as below: in minutes and hours on a processor it is the number of updates that counts. */
const recurrent = { batchSize: 16, window: 128, carry: true, clipNorm: 1 } as const;

/** Embeddings and scores that learn nearly seven times as fast as Muon's authors have it: for runs of hours rather than of days. */
const attentive = { name: "muon", config: { adamw: { learningRateFactor: 0.1 } } } as const;

export const presetNames = [
  "transformer",
  "lstm",
  "gru",
  "tiny",
  "music-transformer",
  "long",
  "music-rnn",
  "melody",
  "musical-ai",
  "multitrack",
  ...systemPresetNames,
] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, Preset>> = {
  transformer: {
    summary: "six blocks of 256, looks back 512 events in each: what learns most for its time",
    configuration: {
      model: { name: "transformer", config: { layers: 6, features: 256, heads: 4, reach: 512 } },
      optimiser: attentive,
      training: { batchSize: 1, window: 1024, accumulate: 2 },
    },
  },
  lstm: {
    summary: "Performance RNN's three layers of 512, state carried from window to window",
    configuration: {
      model: { name: "lstm", config: { layers: 3, hiddenSize: 512 } },
      optimiser: { name: "adam" },
      training: { ...recurrent, learningRate: 4e-3 },
    },
  },
  gru: {
    summary: "the same with gated recurrent units",
    configuration: {
      model: { name: "gru", config: { layers: 3, hiddenSize: 512 } },
      optimiser: { name: "adam" },
      training: { ...recurrent, learningRate: 2e-3 },
    },
  },
  tiny: {
    summary: "learns something to hear from a small corpus, in about three minutes on a CPU",
    configuration: {
      model: { name: "transformer", config: { layers: 3, features: 128, heads: 4, reach: 256 } },
      optimiser: attentive,
      training: { batchSize: 2, window: 256, accumulate: 2, epochs: 30 },
      samples: { every: 0 },
    },
  },
  multitrack: {
    summary:
      "several instruments and drums: four blocks of 192, which hear the leading program a second ahead",
    representation: { name: "multitrack", config: { ahead: 1 } },
    configuration: {
      // Five tokens are a note: 640 of them are 128 notes.
      model: { name: "transformer", config: { layers: 4, features: 192, heads: 4, reach: 320 } },
      optimiser: attentive,
      training: { batchSize: 1, window: 640, accumulate: 2 },
    },
  },
  "music-rnn": {
    summary:
      "two layers of 256 over pitches and their times: small melodies, with --set model.name=gru for the other cell",
    configuration: {
      model: { name: "lstm", config: { layers: 2, hiddenSize: 256, embedding: 128, dropout: 0.3 } },
      optimiser: { name: "adam" },
      training: {
        batchSize: 64,
        window: 100,
        epochs: 50,
        learningRate: 1e-3,
        clipNorm: 5,
        carry: true,
        // Times are note values: slower or faster they would be others.
        augmentation: { stretch: [1] },
      },
    },
    representation: { name: "pitches", config: {} },
  },
  melody: {
    summary: "one voice, its times drawn from mixtures: small melodies, in minutes on a CPU",
    configuration: {
      model: { name: "melody", config: { layers: 2, hiddenSize: 160, dropout: 0.2, relative: 4 } },
      optimiser: { name: "adam" },
      training: { batchSize: 16, window: 64, epochs: 40, learningRate: 2e-3, clipNorm: 1, carry: true },
      samples: { every: 0 },
    },
    representation: { name: "melody", config: {} },
  },
  "musical-ai": {
    summary: "Musical AI's LSTM of 128 as published: 25 notes, times by mean squared error",
    configuration: {
      model: { name: "melody", config: { hiddenSize: 128, input: "numbers", time: "mse" } },
      optimiser: { name: "adam" },
      schedule: { name: "constant" },
      training: {
        batchSize: 64,
        window: 25,
        epochs: 50,
        learningRate: 5e-3,
        // Generation goes on from the state of all notes before it, so training does.
        carry: true,
        augment: false,
        averageDecay: 0,
      },
      samples: { every: 0 },
    },
    representation: { name: "melody", config: {} },
  },
  "music-transformer": {
    summary: "the transformer with Music Transformer's relative positions: a vector for each distance",
    configuration: {
      model: {
        name: "transformer",
        config: { layers: 6, features: 256, heads: 4, reach: 512, positions: "relative" },
      },
      optimiser: attentive,
      training: { batchSize: 1, window: 1024, accumulate: 2 },
    },
  },
  long: {
    summary: "the transformer with linear attention: windows of 8,192 events, at the price of short ones",
    configuration: {
      model: { name: "transformer", config: { layers: 6, features: 256, heads: 4, attention: "linear" } },
      optimiser: attentive,
      training: { batchSize: 1, window: 8192 },
    },
  },
  ...systemPresets,
};

const byName: ReadonlyMap<string, Preset> = new Map(Object.entries(presets));

/** @throws UsageError for an unknown name */
export function presetOf(name: string): Preset {
  const preset = byName.get(name);
  if (preset) return preset;
  const names = [...byName.keys()];
  throw new UsageError(
    `found preset "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}
