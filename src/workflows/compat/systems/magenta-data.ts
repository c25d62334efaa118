/** @file Magenta: files of music to NoteSequences, and NoteSequences to what is trained on. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { formatOf } from "../../files/index.ts";
import { readPointer } from "../../model/index.ts";
import { number, text, toggle } from "../flags.ts";
import { type NativeStep, native, oneOfMany } from "../native.ts";
import { defineProgram, plainPath, pointer, type Surroundings } from "../program.ts";
import { isQuiet, logFlag, representationOf } from "./magenta-flags.ts";

/** Its time stays, as of `rubato convert`; the segments are Magenta's, without its cut to 512 events. */
const segmentSeconds = 30;

export const convertDirectory = defineProgram({
  names: ["convert_dir_to_note_sequences", "convert_dir_to_note_sequences.py"],
  summary: "MIDI files to NoteSequences",
  manner: "absl",
  flags: z.object({
    input: text(["--input_dir"], "required", "folder of files of music"),
    output: text(["--output_file"], "required", "name that they are called by together"),
    recursive: toggle(["--recursive"], "look into folders within it, too"),
    log: logFlag,
  }),
  async plan({ values, typed, around }) {
    const input = required("--input_dir", values.input, around);
    const output = required("--output_file", values.output, around);
    const found = (await filesIn(around, input)).filter(
      (path) => values.recursive === true || !path.includes("/"),
    );
    const music = found.filter((path) => formatOf(path) !== undefined && !path.endsWith(".txt"));
    const others = found.filter((path) => /\.(xml|mxl|musicxml|abc)$/i.test(path));
    if (music.length === 0) {
      throw new UsageError(
        `found no file of music in ${input}${values.recursive === true ? "" : ", folders within it left out"}, expected MIDI: check --input_dir, or add --recursive`,
      );
    }
    const folder = sequencesOf(output);
    return {
      native: music.map((path) =>
        oneOfMany(
          native("convert", {
            input: `${input}/${path}`,
            output: `${folder}/${path.replace(/(\.(midi?|kar|rmi|json|gz))+$/i, "")}.json`,
          }),
        ),
      ),
      pointers: [pointer(output, folder, "music", typed)],
      remarks:
        others.length === 0
          ? []
          : [
              `${others.length} files of MusicXML or ABC are left out, for MIDI and NoteSequences alone are read: ${others[0]}`,
            ],
      isQuiet: isQuiet(values.log),
    };
  },
});

/** `/tmp/notesequences` of `/tmp/notesequences.tfrecord`. */
const sequencesOf = (output: string) => {
  const folder = output.replace(/\.tfrecord$/i, "");
  return folder === output ? `${output}.sequences` : folder;
};

function required(flag: string, value: string | undefined, around: Surroundings): string {
  if (value !== undefined) return plainPath(value, around);
  throw new UsageError(`found no ${flag}, expected one: give ${flag}=…`);
}

async function filesIn({ store }: Surroundings, folder: string): Promise<readonly string[]> {
  const found = await store.stat(folder);
  if (found?.kind === "folder") return (await store.list(folder)).map(({ path }) => path);
  throw new UsageError(`found no folder at ${folder}, expected one with files of music: check the path`);
}

export const createDataset = defineProgram({
  names: ["performance_rnn_create_dataset", "performance_rnn_create_dataset.py"],
  summary: "NoteSequences to what is trained on",
  manner: "absl",
  flags: z.object({
    input: text(
      ["--input"],
      "required",
      "what convert_dir_to_note_sequences wrote, or a folder of MIDI or NoteSequences",
    ),
    output: text(["--output_dir"], "required", "folder of what is made of them"),
    config: text(["--config"], "performance", "one of the published configurations"),
    evalRatio: number(["--eval_ratio"], "0.1", "share of the pieces that is kept from training"),
    log: logFlag,
  }),
  async plan({ values, typed, around }) {
    const input = required("--input", values.input, around);
    const output = required("--output_dir", values.output, around);
    const share = values.evalRatio ?? 0.1;
    if (share < 0 || share >= 1) {
      throw new UsageError(`found --eval_ratio=${share}, expected a share from 0 on, and below 1`);
    }
    const { name, set } = representationOf(values.config);
    const corpus = `${output}/corpus`;
    const { midi, steps } = await midiFor(around, input, `${output}/midi`);
    return {
      native: [
        ...steps,
        native("prepare", {
          source: midi,
          out: corpus,
          representation: name,
          set,
          split: Number((1 - share).toFixed(6)),
          segments: segmentSeconds,
        }),
      ],
      pointers: ["training", "eval"].map((part) => ({
        ...pointer(`${output}/${part}_performances.tfrecord`, corpus, "corpus", typed),
        config: values.config ?? "performance",
      })),
      isQuiet: isQuiet(values.log),
    };
  },
});

/** A folder of MIDI as it is; of NoteSequences, MIDI is made first, which is what corpora are prepared from. */
async function midiFor(
  around: Surroundings,
  input: string,
  folder: string,
): Promise<{ readonly midi: string; readonly steps: readonly NativeStep[] }> {
  const target = (await readPointer(around.store, input))?.leadsTo ?? input;
  if ((await around.store.stat(target)) === undefined) return { midi: target, steps: [] };
  const files = await filesIn(around, target);
  if (files.some((path) => formatOf(path)?.name === "midi")) return { midi: target, steps: [] };
  const steps = files.flatMap((path) =>
    formatOf(path)?.name === "note-sequence"
      ? [
          oneOfMany(
            native("convert", {
              input: `${target}/${path}`,
              output: `${folder}/${path.replace(/\.json(\.gz)?$/i, "")}.mid`,
            }),
          ),
        ]
      : [],
  );
  if (steps.length > 0) return { midi: folder, steps };
  throw new UsageError(
    `found neither MIDI nor NoteSequences in ${target}, expected files of music: check --input`,
  );
}
