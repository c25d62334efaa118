/**
 * @file Musical AI is a notebook without command lines: these two are ours, with the notebook's sliders as flags, in the
 * units that the sliders have.
 */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { integer, number, text } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, plainPath, pointer, type System } from "../program.ts";
import { freeFolder } from "../session.ts";

const modelFile = "full_model.h5";
const usualMusic = "data/maestro-v3.0.0";
const corpus = "corpora/musical-ai";
const usualVelocity = 100;
/** The pitch by which its slider multiplied is taken at middle C. */
const middleC = 60;

const train = defineProgram({
  names: ["musical-ai-train"],
  summary: "train on some files, as the notebook does",
  manner: "argparse",
  flags: z.object({
    dataset: text(["--dataset"], usualMusic, "folder of MIDI files"),
    files: integer(["--num_files"], "5", "how many of them"),
    epochs: number(["--epochs"], "50", "passes over the music"),
  }),
  async plan({ values, typed, around }) {
    const run = await freeFolder(around.store, "runs/musical-ai");
    return {
      native: [
        native("prepare", {
          source: plainPath(values.dataset ?? usualMusic, around),
          out: corpus,
          representation: "melody",
          limit: values.files ?? 5,
        }),
        native("train", {
          corpus,
          preset: "musical-ai",
          epochs: values.epochs,
          out: run,
          seed: Number(around.seed),
          set: around.set,
        }),
      ],
      pointers: [pointer(modelFile, run, "checkpoint", typed)],
    };
  },
});

const generate = defineProgram({
  names: ["musical-ai-generate"],
  summary: "make music from the first 25 notes of a file, with the notebook's sliders",
  manner: "argparse",
  flags: z.object({
    model: text(["--model"], modelFile, "the model"),
    sample: text(["--sample"], "none", "file of music whose first 25 notes are gone on from"),
    output: text(["--output"], "output.midi", "the file"),
    temperature: number(["--temperature"], "100", "slider from 0 to 500, in hundredths"),
    notes: integer(["--notes"], "300", "slider from 25 to 1000: notes"),
    tempo: number(["--tempo"], "1", "slider from 0.1 to 2: times as fast"),
    pitch: number(["--pitch"], "100", "slider from 0 to 127: higher above 100, lower below it"),
    velocity: integer(["--velocity"], "100", "slider from 0 to 127: loudness of every note"),
  }),
  plan({ values, around }) {
    const sample = values.sample === undefined ? undefined : plainPath(values.sample, around);
    const temperature = within("--temperature", values.temperature ?? 100, 0, 500) / 100;
    const pitch = within("--pitch", values.pitch ?? 100, 0, 127);
    const semitones = Math.round(middleC * (pitch / 100 - 1));
    const velocity = within("--velocity", values.velocity ?? usualVelocity, 0, 127);
    const step = native("generate", {
      model: plainPath(values.model ?? modelFile, around),
      output: plainPath(values.output ?? "output.midi", around),
      seed: around.seed,
      notes: within("--notes", values.notes ?? 300, 25, 1000),
      ...(sample !== undefined && { primer: sample, primerNotes: 25, additional: true }),
      ...(temperature === 0 ? { greedyRatio: 1 } : { temperature }),
      tempo: values.tempo === undefined ? undefined : within("--tempo", values.tempo, 0.1, 2),
      transpose: semitones === 0 ? undefined : semitones,
      velocity: Math.max(1, velocity),
    });
    return {
      native: [step],
      remarks:
        semitones === 0
          ? []
          : [
              `--pitch ${pitch} multiplied pitches there, and transposes by the ${semitones} semitones here that middle C was moved by`,
            ],
    };
  },
});

function within(flag: string, amount: number, least: number, most: number): number {
  if (amount >= least && amount <= most) return amount;
  throw new UsageError(
    `found ${flag} ${amount}, expected a number from ${least} to ${most}, as the slider has`,
  );
}

export const musicalAi: System = {
  name: "musical-ai",
  summary: "Musical AI's notebook: musical-ai-train, musical-ai-generate (its sliders as flags)",
  programs: [train, generate],
};
