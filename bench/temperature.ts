/**
 * @file What temperature does to the music, and what cutting off the unlikely does, beside music that people played.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/temperature.ts --corpus /tmp/corpus [--model piano] [--samples 8] [--seconds 60] [--seed 1]
 *     npx tsx bench/temperature.ts --sounds output/temperature
 *
 * Each cell is a mean over pieces ± their standard deviation. With `--sounds` the first piece of each row is also written as
 * MIDI and MP3, by the same workflow as `rubato generate`; the measuring itself is left out then.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { nodePlatform } from "../src/platform/node/index.ts";
import { createRandom, shuffled } from "../src/util/random.ts";
import { generate, type MusicInput } from "../src/workflows/index.ts";
import { describeMachine } from "./machine.ts";
import {
  type Excerpt,
  excerptsOf,
  figuresOfMusic,
  type MusicFigures,
  openCorpusAt,
  summaryOf,
} from "./music-figures.ts";
import { openPlayer, type Player } from "./player.ts";

const { values } = parseArgs({
  options: {
    /** Of the corpus's tokens. */
    model: { type: "string", default: "piano" },
    corpus: { type: "string" },
    samples: { type: "string", default: "8" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
    sounds: { type: "string" },
  },
});
const whole = z.coerce.number().int();
const { samples, seconds, seed, threads } = z
  .object({ samples: whole.min(1), seconds: whole.min(1), seed: whole.min(0), threads: whole.min(1) })
  .parse(values);

/** `rubato generate` draws like the fourth unless told otherwise. */
const decodings: readonly Decoding[] = [
  ...[0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2].map((temperature) => ({ temperature })),
  { temperature: 1, topP: 0.9 },
  { temperature: 1, topP: 0.95 },
  { temperature: 1, minP: 0.05 },
];

interface Decoding extends Pick<MusicInput, "topP" | "minP"> {
  readonly temperature: number;
}

interface Measured extends MusicFigures {
  readonly entropy: number;
  /** NaN for music that no model drew. */
  readonly surprise: number;
}

interface Row {
  readonly name: string;
  readonly pieces: readonly Measured[];
}

interface Column {
  readonly title: string;
  readonly of: (piece: Measured) => number;
  readonly digits: number;
}

const columns: readonly Column[] = [
  { title: "entropy, nats per event", of: ({ entropy }) => entropy, digits: 2 },
  { title: "surprise, nats per event", of: ({ surprise }) => surprise, digits: 2 },
  { title: "notes/s", of: ({ notesPerSecond }) => notesPerSecond, digits: 1 },
  { title: "length of a note, s", of: ({ noteSeconds }) => noteSeconds, digits: 2 },
  { title: "pitch classes, bits", of: ({ pitchClassEntropy }) => pitchClassEntropy, digits: 2 },
  { title: "spread of velocity", of: ({ velocitySpread }) => velocitySpread, digits: 1 },
  { title: "heard before, %", of: ({ repeated }) => 100 * repeated, digits: 1 },
  { title: "longest run of a note", of: ({ longestRun }) => longestRun, digits: 1 },
  { title: "silence, %", of: ({ silence }) => 100 * silence, digits: 1 },
];

function nameOf({ temperature, topP, minP }: Decoding): string {
  const cuts = [topP === undefined ? "" : `, top-p ${topP}`, minP === undefined ? "" : `, min-p ${minP}`];
  return `T = ${temperature.toFixed(1)}${cuts.join("")}`;
}

async function measure(player: Player, decoding: Decoding): Promise<Row> {
  const pieces: Measured[] = [];
  for (let index = 0; index < samples; index++) {
    const { performance, entropy, surprise, isStuck } = await player.play({ decoding, seed, index, seconds });
    if (isStuck) console.error(`${nameOf(decoding)}, piece ${index}: given up, for time hardly goes on`);
    pieces.push({ ...figuresOfMusic(performance), entropy, surprise });
    process.stderr.write(".");
  }
  return { name: nameOf(decoding), pieces };
}

/** All excerpts of the validation split; what the model expects is asked along as many as there are samples. */
async function measureCorpus(player: Player, path: string): Promise<Row> {
  const excerpts: Excerpt[] = [];
  for await (const excerpt of excerptsOf(await openCorpusAt(path), seconds, "validation"))
    excerpts.push(excerpt);
  const pieces: Measured[] = [];
  for (const [i, { performance, tokens }] of shuffled(excerpts, createRandom(seed)).entries()) {
    const entropy = i < samples ? await player.entropyAlong(tokens) : Number.NaN;
    pieces.push({ ...figuresOfMusic(performance), entropy, surprise: Number.NaN });
  }
  return { name: `${pieces.length} excerpts of the corpus`, pieces };
}

function cellOf({ of, digits }: Column, pieces: readonly Measured[]): string {
  const known = pieces.map(of).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return "–";
  const { mean, spread } = summaryOf(known);
  return `${mean.toFixed(digits)} ± ${spread.toFixed(digits)}`;
}

async function writeTable(): Promise<void> {
  const player = await openPlayer(values.model, threads);
  const rows: Row[] = [];
  for (const decoding of decodings) rows.push(await measure(player, decoding));
  if (values.corpus !== undefined) rows.push(await measureCorpus(player, values.corpus));
  await player.dispose();
  process.stderr.write("\n");
  const heading = { machine: describeMachine(), model: player.description, samples, seconds, seed };
  if (values.json) {
    console.log(JSON.stringify({ ...heading, rows }, null, 2));
    return;
  }
  console.log(`${heading.machine}; ${heading.model}; ${samples} pieces of ${seconds} s each, seed ${seed}\n`);
  console.log(`| drawn with | ${columns.map(({ title }) => title).join(" | ")} |`);
  console.log(`| --- |${columns.map(() => " --: |").join("")}`);
  for (const { name, pieces } of rows) {
    console.log(`| ${name} | ${columns.map((column) => cellOf(column, pieces)).join(" | ")} |`);
  }
}

async function writeSounds(folder: string): Promise<void> {
  for (const decoding of decodings) {
    const name = nameOf(decoding).replaceAll(/[^\d.a-z]+/gi, "-");
    const output = `${folder}/${name}.mid`;
    const input = { model: values.model, ...decoding, seed, seconds, threads, output, mp3: true };
    const { pieces } = await generate(nodePlatform(), input);
    for (const { midi, mp3, notes } of pieces) console.log(`${midi}, ${mp3}: ${notes} notes`);
  }
}

if (values.sounds === undefined) await writeTable();
else await writeSounds(values.sounds);
