/**
 * @file Published systems as presets: what their READMEs say, where their code says otherwise. Weights are not averaged, for
 * none of them did.
 */
import type { Preset } from "./presets.ts";

/** One rate from the first update to the last. */
const steady = { name: "constant" } as const;

export const systemPresetNames = ["performance-rnn", "performance-rnn-torch", "harmonyrl"] as const;

export const systemPresets: Readonly<Record<(typeof systemPresetNames)[number], Preset>> = {
  "performance-rnn": {
    summary: "Magenta's Performance RNN as published: trains until it is stopped",
    configuration: {
      model: { name: "lstm", config: { layers: 3, hiddenSize: 512 } },
      optimiser: { name: "adam" },
      schedule: steady,
      training: {
        batchSize: 64,
        window: 128,
        carry: true,
        learningRate: 1e-3,
        clipNorm: 3,
        averageDecay: 0,
        // Its text says up to a major third; its code went up to a minor one: set both to -3 and 3.
        augmentation: {
          stretch: [0.95, 0.975, 1, 1.025, 1.05],
          lowestTransposition: -4,
          highestTransposition: 4,
        },
      },
      validation: { every: 100, patience: 0 },
      checkpoints: { minutes: 10 },
      samples: { every: 0 },
    },
  },
  "performance-rnn-torch": {
    summary: "performance_rnn_torch as its README has it: three gated layers of 512, dropout 0.3, 24 passes",
    configuration: {
      model: { name: "gru", config: { layers: 3, hiddenSize: 512, dropout: 0.3 } },
      // Its control ratio is 1: all of the music is trained with its controls.
      controls: { names: ["note-density", "pitch-class-histogram"], flags: "none" },
      optimiser: { name: "adam" },
      schedule: steady,
      training: {
        batchSize: 64,
        window: 200,
        epochs: 24,
        learningRate: 1e-3,
        clipNorm: 1,
        averageDecay: 0,
        augment: false,
      },
      validation: { patience: 5 },
      checkpoints: { minutes: 3 },
      samples: { every: 0 },
    },
  },
  harmonyrl: {
    summary: "HarmonyRL's language model as its README has it: three layers of 768 over windows of 2,048",
    configuration: {
      model: { name: "lstm", config: { layers: 3, hiddenSize: 768, embedding: 512, dropout: 0.2 } },
      optimiser: { name: "adamw", config: { weightDecay: 1e-4 } },
      schedule: { name: "reduce-on-plateau", config: { factor: 0.5, patience: 3 } },
      training: {
        seed: 42,
        batchSize: 8,
        window: 2048,
        epochs: 20,
        learningRate: 3e-4,
        clipNorm: 1,
        averageDecay: 0,
        augment: false,
      },
      validation: { patience: 5 },
      samples: { every: 0 },
    },
  },
};
