/** @file performance_rnn_torch: generation. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { readMusicFile } from "../../files/index.ts";
import { either, integer, number, text, toggle } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, plainPath, type Surroundings } from "../program.ts";
import { namesIn, stemOf } from "../session.ts";
import { controlMusic, foldersOf } from "./torch-paths.ts";

export const generate = defineProgram({
  names: ["scripts/generate.py", "performance-rnn-generate", "generate.py"],
  summary: "make music with a session",
  manner: "argparse",
  flags: z.object({
    control: text(
      ["-c", "--control"],
      "none",
      '"h0,…,h11;density", ";density", or processed music to follow',
    ),
    batchSize: integer(["-b", "--batch-size"], "1", "pieces; beside --num-samples, how many at a time"),
    samples: integer(["-n", "--num-samples"], "1", "pieces"),
    session: text(["-s", "--session"], "models/train.sess", "the model"),
    output: text(["-o", "-O", "--output-dir", "--output"], "output", "folder of the pieces"),
    length: integer(
      ["-l", "--max-len", "--max-length"],
      "1000",
      "events; 0 for the length of the music that --control names",
    ),
    greedy: number(["-g", "--greedy-ratio"], "0", "share of the events that are the likeliest, not drawn"),
    beam: integer(["-B", "--beam-size"], "0", "beams; 0 for none"),
    // With a path it is a session, without one a switch.
    sessionOrStochastic: either(
      ["-S", "--stochastic-beam-search"],
      "off",
      "the session where a path follows, else: draw the branches of beams",
    ),
    temperature: number(["-T", "-t", "--temperature"], "1", "above 1 freer, below 1 more predictable"),
    initZero: toggle(["-z", "--init-zero"], "begin with a state of zeros"),
  }),
  async plan({ values, around }) {
    const folders = foldersOf(around);
    const { sessionOrStochastic: both } = values;
    const session = plainPath(
      values.session ?? (typeof both === "string" ? both : `${folders.models}/train.sess`),
      around,
    );
    const folder = plainPath(values.output ?? folders.output, around);
    const samples = atLeastOne("--num-samples", values.samples ?? values.batchSize ?? 1);
    const names = await nextNames(around, folder, stemOf(session), samples);
    const beams = values.beam ?? 0;
    const control = values.control === undefined ? {} : await controlOptions(around, values.control);
    const step = native(
      "generate",
      {
        model: session,
        output: samples === 1 ? names[0] : folder,
        samples: samples === 1 ? undefined : samples,
        batch: values.samples === undefined ? undefined : values.batchSize,
        seed: around.seed,
        ...(await lengthOf(around, values.length ?? 1000, control)),
        temperature: values.temperature ?? 1,
        greedyRatio: values.greedy,
        ...(beams > 0 && { beamSize: beams, branchFactor: Math.max(2, beams) }),
        ...control,
        // As learnt: guidance came later than these lines.
        controlStrength: values.control === undefined ? undefined : 1,
      },
      samples === 1 ? undefined : names,
    );
    return { native: [step], remarks: remarksOf(beams, both === true, values.initZero === true) };
  },
});

function atLeastOne(flag: string, amount: number): number {
  if (amount >= 1) return amount;
  throw new UsageError(`found ${flag} ${amount}, expected a number from 1 on`);
}

function remarksOf(beams: number, isStochastic: boolean, isZero: boolean): readonly string[] {
  return [
    ...(beams > 0 && !isStochastic
      ? ["branches of beams are drawn, as -S asks; a search for the likeliest continuation alone is not done"]
      : []),
    ...(beams === 0 && isStochastic ? ["-S changes nothing without beams: give --beam-size as well"] : []),
    ...(isZero
      ? ["--init-zero changes nothing: the state always begins with zeros, and pieces differ by their seed"]
      : []),
  ];
}

/** `output/train_004.mid` and on, after the highest number that is there. */
async function nextNames({ store }: Surroundings, folder: string, stem: string, count: number) {
  const name = stem.replace(/[^\w-]/g, "_");
  const numbers = (await namesIn(store, folder)).flatMap((file) =>
    file.startsWith(`${name}_`) && file.endsWith(".mid") ? [Number(file.slice(name.length + 1, -4))] : [],
  );
  const last = Math.max(0, ...numbers.filter(Number.isInteger));
  return Array.from(
    { length: count },
    (_, i) => `${folder}/${name}_${String(last + 1 + i).padStart(3, "0")}.mid`,
  );
}

type ControlOptions = {
  readonly density?: string;
  readonly pitchClassHistogram?: string;
  readonly like?: string;
};

async function controlOptions(around: Surroundings, control: string): Promise<ControlOptions> {
  const [, weights, density] = /^([^;]*);([^;]*)$/.exec(control) ?? [];
  if (weights === undefined) return { like: await controlMusic(around, plainPath(control, around)) };
  const histogram = weights
    .split(",")
    .filter((weight) => weight.trim() !== "")
    .map(Number);
  const level = Number(density);
  const isHistogram = [0, 12].includes(histogram.length) && histogram.every((weight) => weight >= 0);
  if (!isHistogram || density.trim() === "" || !Number.isInteger(level) || level < 0 || level > 11) {
    throw new UsageError(
      `found --control ${JSON.stringify(control)}, expected twelve weights from 0 on, C first, or none, and a class of density from 0 to 11: "1,0,1,0,1,1,0,1,0,1,0,1;4"`,
    );
  }
  const isUniform = histogram.every((weight) => weight === 0);
  return {
    density: String(notesPerSecond(level)),
    pitchClassHistogram: isUniform ? Array.from({ length: 12 }, () => 1).join(",") : histogram.join(","),
  };
}

/** Their classes begin at 1, 4, 7, … 34 notes in two seconds: the middle of each, in notes a second. */
const notesPerSecond = (level: number) => (3 * level + 2) / 2;

async function lengthOf({ store }: Surroundings, events: number, { like }: ControlOptions) {
  if (events > 0) return { events };
  if (events < 0 || like === undefined) {
    throw new UsageError(
      `found --max-length ${events}, expected a number of events, or 0 together with music to follow as --control`,
    );
  }
  const { performance } = await readMusicFile(store, like);
  return { seconds: Number(performance.duration.toFixed(2)) };
}
