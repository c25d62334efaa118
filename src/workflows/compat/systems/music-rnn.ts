/** @file "RNN Music Generation with PyTorch": train.py and generate.py, with the parameters that its README names as flags. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { readPointer } from "../../model/index.ts";
import { integer, number, text } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, plainPath, pointer, type Surroundings, type System } from "../program.ts";
import { freeFolder } from "../session.ts";

const modelFile = "music_rnn_model.pth";
const vocabularyFile = "vocabulary.pkl";
/** The tempo at which a grid of note values is read. */
const usualTempo = 120;

const train = defineProgram({
  names: ["train.py"],
  summary: "train on midi_files/",
  manner: "argparse",
  flags: z.object({
    window: integer(["--sequence_length"], "100", "notes of a window"),
    embedding: integer(["--embedding_dim"], "128", "size of the embedding"),
    hidden: integer(["--hidden_dim"], "256", "size of a layer"),
    layers: integer(["--num_layers"], "2", "layers"),
    dropout: number(["--dropout"], "0.3", "dropout between layers"),
    epochs: number(["--epochs"], "50", "passes over the music"),
    batchSize: integer(["--batch_size"], "64", "windows of a batch"),
    learningRate: number(["--learning_rate"], "0.001", "learning rate"),
  }),
  async plan({ values, typed, around }) {
    const run = await freeFolder(around.store, "runs/music-rnn");
    const settings = {
      "model.config.embedding": values.embedding,
      "model.config.hiddenSize": values.hidden,
      "model.config.layers": values.layers,
      "model.config.dropout": values.dropout,
    };
    const step = native("train", {
      corpus: "corpora/music-rnn",
      preset: "music-rnn",
      window: values.window,
      epochs: values.epochs,
      batchSize: values.batchSize,
      learningRate: values.learningRate,
      out: run,
      seed: Number(around.seed),
      set: [
        ...Object.entries(settings).flatMap(([key, value]) =>
          value === undefined ? [] : [`${key}=${value}`],
        ),
        ...around.set,
      ],
    });
    return {
      native: [
        native("prepare", { source: "midi_files", out: "corpora/music-rnn", representation: "pitches" }),
        step,
      ],
      pointers: [modelFile, vocabularyFile].map((file) => pointer(file, run, "checkpoint", typed)),
    };
  },
});

const generate = defineProgram({
  names: ["generate.py"],
  summary: "make music with what train.py has made",
  manner: "argparse",
  flags: z.object({
    model: text(["--model"], modelFile, "the model"),
    vocabulary: text(["--vocab"], vocabularyFile, "the vocabulary of the same model"),
    output: text(["--output"], "generated_music.mid", "the file"),
    length: integer(["--length"], "500", "notes, on top of those of a seed"),
    temperature: number(["--temperature"], "1", "above 1 freer, below 1 more predictable"),
    seed: text(["--seed"], "none", 'notes that the music begins with: "60,62,64"'),
    seedMidi: text(["--seed-midi"], "none", "a file of music to go on from"),
    tempo: number(["--bpm"], "120", "quarters a minute"),
  }),
  async plan({ values, around }) {
    const model = plainPath(values.model ?? modelFile, around);
    await checkVocabulary(around, model, plainPath(values.vocabulary ?? vocabularyFile, around));
    const { seed, seedMidi } = values;
    if (seed !== undefined && seedMidi !== undefined) {
      throw new UsageError("found --seed and --seed-midi, expected one of them: leave out the other");
    }
    const step = native("generate", {
      model,
      output: midiName(plainPath(values.output ?? "generated_music.mid", around)),
      seed: around.seed,
      notes: values.length ?? 500,
      additional: seed !== undefined || seedMidi !== undefined,
      temperature: values.temperature ?? 1,
      seedNotes: seed,
      primer: seedMidi === undefined ? undefined : plainPath(seedMidi, around),
      tempo: values.tempo === undefined ? undefined : values.tempo / usualTempo,
    });
    return { native: [step] };
  },
});

/** A name without an ending would be a folder here, and was a file there. */
const midiName = (path: string) => (/\.midi?$/i.test(path) ? path : `${path}.mid`);

/** Model and vocabulary are one checkpoint here; two files of different trainings do not belong together. */
async function checkVocabulary({ store }: Surroundings, model: string, vocabulary: string): Promise<void> {
  const [of, with_] = [await readPointer(store, model), await readPointer(store, vocabulary)];
  // A model by its folder has its vocabulary within.
  if (of === undefined || of.leadsTo === with_?.leadsTo) return;
  const found = with_ === undefined ? "no vocabulary" : `the vocabulary of ${with_.leadsTo}`;
  throw new UsageError(
    `found ${found} at ${vocabulary} and the model of ${of.leadsTo} at ${model}, expected files of one training: give the --vocab that belongs to it`,
  );
}

export const musicRnn: System = {
  name: "music-rnn",
  summary: "RNN Music Generation with PyTorch: train.py, generate.py",
  programs: [train, generate],
};
