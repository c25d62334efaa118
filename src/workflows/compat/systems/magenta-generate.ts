/** @file Magenta: generation, and bundles. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { readPointer } from "../../model/index.ts";
import { integer, number, text, toggle } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, type Plan, plainPath, type Surroundings } from "../program.ts";
import { dateAndTime } from "../session.ts";
import { isQuiet, logFlag, readHparams, representationOf } from "./magenta-flags.ts";
import { checkConfig, checkpointIn, runIn } from "./magenta-train.ts";

const usualOutput = "/tmp/performance_rnn/generated";
const stepsPerSecond = 100;

const flags = z.object({
  runDir: text(["--run_dir"], "none", "folder of a run"),
  bundle: text(["--bundle_file"], "none", "a bundle, in place of a run; or where one is saved"),
  saveBundle: toggle(
    ["--save_generator_bundle"],
    "save the model of --run_dir as --bundle_file, and make no music",
  ),
  description: text(["--bundle_description"], "none", "what the bundle says of itself"),
  config: text(["--config"], "that of the model", "configuration that the model has to have"),
  output: text(["--output_dir"], usualOutput, "folder of the pieces"),
  outputs: integer(["--num_outputs"], "10", "pieces"),
  steps: integer(["--num_steps"], "3000", "length in hundredths of a second, the primer included"),
  pitches: text(["--primer_pitches"], "none", 'a chord to go on from: "[60, 64, 67]"'),
  melody: text(["--primer_melody"], "none", 'a melody to go on from: "[60, -2, 62, -1]"'),
  midi: text(["--primer_midi"], "none", "a file of music to go on from"),
  disable: text(["--disable_conditioning"], "false", "true or false, or a list of them over time"),
  density: text(["--notes_per_second"], "15 where the model is told", "a number, or a list over time"),
  histogram: text(
    ["--pitch_class_histogram"],
    "uniform where the model is told",
    "twelve weights from C on, or a list of such",
  ),
  temperature: number(["--temperature"], "1", "above 1 freer, below 1 more predictable"),
  beamSize: integer(["--beam_size"], "1", "beams that are kept"),
  branchFactor: integer(["--branch_factor"], "1", "branches of each beam"),
  stepsPerIteration: integer(["--steps_per_iteration"], "1", "events of a round of beams"),
  log: logFlag,
  hparams: text(["--hparams"], "none", "of the training; the model knows its own"),
});

type Values = z.output<typeof flags>;

export const generate = defineProgram({
  names: ["performance_rnn_generate", "performance_rnn_generate.py"],
  summary: "make music with a run or a bundle, or save a bundle",
  manner: "absl",
  flags,
  async plan({ values, typed, around }): Promise<Plan> {
    if (values.config !== undefined) representationOf(values.config);
    const { remarks } = readHparams(values.hparams);
    const quiet = isQuiet(values.log);
    if (values.saveBundle === true) return { ...(await bundlePlan(around, values, typed)), isQuiet: quiet };
    const model = await modelOf(around, values);
    const folder = plainPath(values.output ?? usualOutput, around);
    const count = atLeast("--num_outputs", values.outputs ?? 10);
    const digits = String(count).length;
    const date = dateAndTime(around.now);
    const names = Array.from(
      { length: count },
      (_, i) => `${folder}/${date}_${String(i + 1).padStart(digits, "0")}.mid`,
    );
    const { primer, ignored } = primerOf(around, values);
    const isTold = values.density !== undefined || values.histogram !== undefined;
    const step = native(
      "generate",
      {
        model,
        output: count === 1 ? names[0] : folder,
        samples: count === 1 ? undefined : count,
        seed: around.seed,
        seconds: atLeast("--num_steps", values.steps ?? 3000) / stepsPerSecond,
        temperature: values.temperature ?? 1,
        ...primer,
        density: listOf("--notes_per_second", values.density),
        pitchClassHistogram: histogramsOf(values.histogram),
        // As learnt: guidance came later than these lines.
        controlStrength: isTold ? 1 : undefined,
        disableControls: values.disable === undefined ? undefined : switchesOf(values.disable),
        beamSize: values.beamSize,
        branchFactor: values.branchFactor,
        stepsPerIteration: values.stepsPerIteration,
      },
      count === 1 ? undefined : names,
    );
    return {
      native: [step],
      isQuiet: quiet,
      remarks: [
        ...ignored,
        ...(values.hparams === undefined
          ? []
          : ["--hparams changes nothing here: the model knows its own", ...remarks]),
        ...(values.description === undefined
          ? []
          : ["--bundle_description changes nothing without --save_generator_bundle"]),
      ],
    };
  },
});

function atLeast(flag: string, amount: number): number {
  if (amount >= 1) return amount;
  throw new UsageError(`found ${flag}=${amount}, expected a number from 1 on`);
}

async function modelOf(around: Surroundings, { runDir, bundle, config }: Values): Promise<string> {
  if (runDir !== undefined && bundle !== undefined) {
    throw new UsageError(
      "found --run_dir and --bundle_file, expected one of them: leave out the other, or save with --save_generator_bundle",
    );
  }
  if (bundle !== undefined) return plainPath(bundle, around);
  if (runDir === undefined) {
    throw new UsageError("found neither --run_dir nor --bundle_file, expected one of them: what is to play?");
  }
  const folder = plainPath(runDir, around);
  const known = await readPointer(around.store, checkpointIn(folder));
  checkConfig(config, known?.config, folder);
  return known?.leadsTo ?? runIn(folder);
}

/** A bundle is the checkpoint itself, as a folder of that name, so that it can be given away. */
async function bundlePlan(around: Surroundings, values: Values, typed: string): Promise<Plan> {
  const { runDir, bundle, description } = values;
  if (runDir === undefined || bundle === undefined) {
    throw new UsageError("found --save_generator_bundle without --run_dir and --bundle_file, expected both");
  }
  const run = await modelOf(around, { ...values, bundle: undefined });
  const target = plainPath(bundle, around);
  const places = [`${run}/checkpoints/best`, `${run}/checkpoints/last`, run];
  const found: string[] = [];
  for (const place of places) {
    if ((await around.store.stat(`${place}/config.json`)) !== undefined) found.push(place);
  }
  const [from] = found;
  if (from === undefined) {
    throw new UsageError(`found no checkpoint in ${run}, expected a run to save: train it first`);
  }
  return {
    native: [],
    copies: ["config.json", "model.safetensors"].map((file) => ({
      from: `${from}/${file}`,
      to: `${target}/${file}`,
    })),
    texts: {
      [`${target}/README.md`]: `${description ?? "No description was given."}\n\nSaved by: ${typed}\n`,
    },
    remarks: [`play it with: rubato generate --model ${target}`],
  };
}

/** Pitches go before a melody, and a melody before a file. */
function primerOf(around: Surroundings, { pitches, melody, midi }: Values) {
  const given = (["pitches", "melody", "midi"] as const).flatMap((kind) => {
    const value = { pitches, melody, midi }[kind];
    return value === undefined || value === "" ? [] : [{ kind, value }];
  });
  const [first, ...others] = given;
  const primer =
    first === undefined
      ? {}
      : {
          pitches: { primerPitches: first.value },
          melody: { primerMelody: first.value },
          midi: { primer: plainPath(first.value, around) },
        }[first.kind];
  const ignored = others.map(
    ({ kind }) => `--primer_${kind} is left out, for --primer_${first?.kind} goes before it`,
  );
  return { primer, ignored };
}

/** "15" or "[2, 8, 2]" as we write lists: "2,8,2". */
function listOf(flag: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const numbers = value.split(/[[\](),\s]+/).filter((word) => word !== "");
  if (numbers.length > 0 && numbers.every((word) => Number(word) >= 0)) return numbers.join(",");
  throw new UsageError(`found ${flag}=${value}, expected a number from 0 on, or a list of them: "[2, 8, 2]"`);
}

/** "[2, 0, …]" or "[[…], […]]" as we write them: twelve weights, and ";" between several. */
function histogramsOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const inner = value.trim().replace(/^[[(]\s*(?=[[(])/, "");
  const histograms = inner
    .split(/[\])]/)
    .map((part) => part.split(/[[(,\s]+/).filter((word) => word !== ""))
    .filter((part) => part.length > 0);
  const fits = histograms.every((each) => each.length === 12 && each.every((word) => Number(word) >= 0));
  if (fits && histograms.length > 0) return histograms.map((each) => each.join(",")).join(";");
  throw new UsageError(
    `found --pitch_class_histogram=${value}, expected twelve weights from 0 on, or a list of such: "[2, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]"`,
  );
}

function switchesOf(value: string): string {
  const words = value
    .toLowerCase()
    .split(/[[\](),\s]+/)
    .filter((word) => word !== "");
  const said = words.map((word) =>
    /^(true|1)$/.test(word) ? "true" : /^(false|0)$/.test(word) ? "false" : undefined,
  );
  if (said.length > 0 && said.every((word) => word !== undefined)) return said.join(",");
  throw new UsageError(
    `found --disable_conditioning=${value}, expected True or False, or a list of them: "[False, True]"`,
  );
}
