/** @file HarmonyRL: supervised training out of its YAML, inference, and reinforcement learning, which comes later. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { musicFilesAt } from "../../files/index.ts";
import { integer, number, text, toggle } from "../flags.ts";
import { native, oneOfMany } from "../native.ts";
import { defineProgram, plainPath, pointer, type Surroundings, type System } from "../program.ts";
import { freeFolder, namesIn, stemOf } from "../session.ts";
import { readYaml, rlSchema, supervisedSchema } from "./harmonyrl-yaml.ts";

const supervisedFile = "configs/supervised_config.yaml";
const rlFile = "configs/rl_config.yaml";
const corpus = "corpora/harmonyrl";
/** Of the sound that infer.py writes. */
const sampleRate = 32_000;

/** The README's own file may be missing: then its values are those of the README. */
async function configurationOf<Schema extends z.ZodObject>(
  around: Surroundings,
  schema: Schema,
  file: string,
  usual: string,
): Promise<{ readonly values: z.output<Schema>; readonly remarks: readonly string[] }> {
  if ((await around.store.stat(file)) !== undefined) {
    const yaml = new TextDecoder().decode(await around.store.read(file));
    return { values: readYaml(schema, yaml, file), remarks: [] };
  }
  if (file === usual) {
    return {
      values: readYaml(schema, "", file),
      remarks: [`${file} is not there: the values of its README are taken`],
    };
  }
  throw new UsageError(`found no file ${file}, expected the YAML of --config: check the path`);
}

const trainSupervised = defineProgram({
  names: ["scripts/train_supervised.py", "train_supervised.py", "scripts/train.py"],
  summary: "train on MAESTRO, as a YAML file says",
  manner: "argparse",
  flags: z.object({ config: text(["--config"], supervisedFile, "the YAML file") }),
  async plan({ values: { config }, typed, around }) {
    const file = plainPath(config ?? supervisedFile, around);
    const { values, remarks } = await configurationOf(around, supervisedSchema, file, supervisedFile);
    const { data, model, train } = values;
    const seed = around.isSeedChosen ? Number(around.seed) : values.seed;
    const root = plainPath(data?.root ?? "data/maestro", around);
    const folder = plainPath(train?.ckpt_dir ?? "checkpoints", around);
    const run = await freeFolder(around.store, "runs/harmonyrl");
    const settings = {
      "model.config.embedding": model?.embed_dim,
      "model.config.hiddenSize": model?.hidden,
      "model.config.layers": model?.layers,
      "model.config.dropout": model?.dropout,
      "training.clipNorm": train?.clip_grad_norm,
    };
    return {
      native: [
        native("prepare", {
          source: root,
          out: corpus,
          representation: "performance",
          split: data?.train_ratio ?? 0.95,
          seed: seed ?? 42,
        }),
        native("train", {
          corpus,
          preset: "harmonyrl",
          window: data?.max_seq_len,
          batchSize: train?.batch_size,
          learningRate: train?.lr,
          epochs: train?.epochs,
          out: run,
          seed,
          set: [
            ...Object.entries(settings).flatMap(([key, value]) =>
              value === undefined ? [] : [`${key}=${value}`],
            ),
            ...around.set,
          ],
        }),
      ],
      pointers: [pointer(`${folder}/best_model.pt`, run, "checkpoint", typed)],
      remarks,
    };
  },
});

const trainRl = defineProgram({
  names: ["scripts/train_rl.py", "train_rl.py"],
  summary: "reinforcement learning: comes later",
  manner: "argparse",
  flags: z.object({ config: text(["--config"], rlFile, "the YAML file") }),
  async plan({ values: { config }, around }) {
    const file = plainPath(config ?? rlFile, around);
    const { values, remarks } = await configurationOf(around, rlSchema, file, rlFile);
    const { episodes = 2000, rollout_len: length = 512, lr = 1e-5 } = values.rl ?? {};
    const { baseline_beta: beta = 0.95, entropy_coef: entropy = 0.005 } = values.rl ?? {};
    return {
      native: [],
      remarks,
      later:
        `reinforcement learning (${episodes} episodes of ${length} events, learning rate ${lr}, baseline ${beta}, entropy ${entropy}, seed ${values.seed ?? 123}) comes later: ` +
        "`infer.py` plays what train_supervised.py has trained meanwhile",
    };
  },
});

const infer = defineProgram({
  names: ["scripts/infer.py", "infer.py"],
  summary: "make music, as MIDI and as sound",
  manner: "argparse",
  flags: z.object({
    checkpoint: text(["--ckpt"], "best_model.pt of --ckpt_dir", "the model"),
    checkpoints: text(["--ckpt_dir"], "checkpoints", "folder of the model"),
    output: text(["--output_dir"], "outputs", "folder of the pieces"),
    samples: integer(["--n_samples"], "1", "pieces"),
    tokens: integer(["--max_new_tokens"], "1024", "events of a piece"),
    temperature: number(["--temperature"], "0.95", "above 1 freer, below 1 more predictable"),
    topP: number(["--top_p"], "0.95", "draw among the likeliest events that reach this probability"),
    noAudio: toggle(["--no_audio"], "write no sound"),
    diffusers: toggle(["--use_diffusers"], "refine by diffusion: comes later"),
  }),
  plan({ values, around }) {
    if (values.diffusers === true) {
      return {
        native: [],
        later:
          "refining by diffusion comes later: leave --use_diffusers out, and the music is made without it",
      };
    }
    const folder = plainPath(values.output ?? "outputs", around);
    const checkpoints = plainPath(values.checkpoints ?? "checkpoints", around);
    const samples = values.samples ?? 1;
    if (samples < 1) throw new UsageError(`found --n_samples ${samples}, expected a number from 1 on`);
    const names = Array.from({ length: samples }, (_, i) => `${folder}/harmonyrl_${i}.mid`);
    const step = native(
      "generate",
      {
        model: plainPath(values.checkpoint ?? `${checkpoints}/best_model.pt`, around),
        output: samples === 1 ? names[0] : folder,
        samples: samples === 1 ? undefined : samples,
        seed: around.seed,
        events: values.tokens ?? 1024,
        temperature: values.temperature ?? 0.95,
        topP: values.topP ?? 0.95,
        ...(values.noAudio !== true && { wav: true, sampleRate }),
      },
      samples === 1 ? undefined : names,
    );
    return { native: [step] };
  },
});

const toMp3 = defineProgram({
  names: ["scripts/to_mp3.py", "to_mp3.py"],
  summary: "every MIDI file of a folder to MP3",
  manner: "argparse",
  flags: z.object({
    input: text(["--input_dir"], "outputs", "folder of MIDI files"),
    output: text(["--output_dir"], "<input_dir>/mp3", "folder of the sound"),
    sampleRate: integer(["--sr"], "44100", "samples a second"),
    bitrate: integer(["--bitrate"], "192", "kbit/s"),
    soundfont: text(["--soundfont"], "none", "instruments"),
    overwrite: toggle(["--overwrite"], "make again what is there"),
  }),
  async plan({ values, around }) {
    const input = plainPath(values.input ?? "outputs", around);
    const output = values.output === undefined ? `${input}/mp3` : plainPath(values.output, around);
    const files = await musicFilesAt(around.store, input);
    const there = new Set(await namesIn(around.store, output));
    const wanted = files.filter((path) => values.overwrite === true || !there.has(`${stemOf(path)}.mp3`));
    return {
      native: wanted.map((path) =>
        oneOfMany(
          native("render", {
            input: path,
            mp3: `${output}/${stemOf(path)}.mp3`,
            sampleRate: values.sampleRate,
          }),
        ),
      ),
      remarks: [
        ...(wanted.length < files.length
          ? [
              `${files.length - wanted.length} files are left out, for their sound is there: --overwrite makes it again`,
            ]
          : []),
        ...(values.bitrate === undefined || values.bitrate === 192
          ? []
          : [`--bitrate ${values.bitrate} is not done: an MP3 has 192 kbit/s`]),
        ...(values.soundfont === undefined
          ? []
          : ["--soundfont is not used: the sampled piano of the package plays"]),
      ],
    };
  },
});

export const harmonyRl: System = {
  name: "harmonyrl",
  summary: "HarmonyRL: scripts/train_supervised.py, train_rl.py, infer.py, and its YAML",
  programs: [trainSupervised, trainRl, infer, toMp3],
};
