/**
 * @file That Performance RNN's published configurations learn, each of them at full size: the loss that they begin with, the one
 * after some updates on a small corpus, and how much music they then make.
 *
 *     npx tsx bench/published.ts ../shared/data/maestro-v3.0.0 [--limit 30] [--steps 200] [--batch-size 64] [--window 128] \
 *       [--learning-rate 1e-3] [--threads 2] [--seconds 30] [--only performance,density_conditioned_performance_with_dynamics]
 *
 * Losses are nats per step on the same windows of the validation split: per event, or per note where a step is a note. Beside
 * them stands what trigrams say that were counted in the train split; of steps of several tokens there are none.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { openCorpus } from "../src/corpus/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { measureFloors } from "../src/workflows/evaluate/floors.ts";
import { type Published, published } from "../src/workflows/train/published.ts";
import { rubato } from "./command.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    limit: { type: "string", default: "30" },
    steps: { type: "string", default: "200" },
    "batch-size": { type: "string", default: "64" },
    window: { type: "string", default: "128" },
    "learning-rate": { type: "string", default: "1e-3" },
    threads: { type: "string", default: "2" },
    seconds: { type: "string", default: "30" },
    only: { type: "string", default: Object.keys(published).join() },
  },
  allowPositionals: true,
});
const [source] = positionals;
if (source === undefined) throw new Error("give a folder of MIDI files: see the top of bench/published.ts");

const folder = mkdtempSync(join(tmpdir(), "rubato-published-"));
const platform = nodePlatform();

const trainedSchema = z.object({ parameters: z.number(), standing: z.object({ best: z.number() }) });
const generatedSchema = z.object({
  pieces: z.array(z.object({ notes: z.number(), seconds: z.number() })).length(1),
});

/** The folder of a corpus for this configuration, and what trigrams lose on it; each made once. */
const corpora = new Map<string, Promise<{ readonly path: string; readonly trigram: number | undefined }>>();
function corpusFor({ representation: { name, config } }: Published) {
  const key = [name, ...Object.values(config)].join("-");
  const known = corpora.get(key);
  if (known) return known;
  const made = prepareCorpus(join(folder, key), name, config);
  corpora.set(key, made);
  return made;
}

async function prepareCorpus(path: string, name: string, config: Published["representation"]["config"]) {
  const set = Object.entries(config).flatMap(([key, value]) => ["--set", `${key}=${String(value)}`]);
  rubato("prepare", source, "--out", path, "--limit", values.limit, "--representation", name, ...set);
  const corpus = await openCorpus(platform.store, path);
  const validation = corpus.index.pieces.filter(({ split }) => split === "validation");
  const hasFloors = corpus.representation.fields.length === 1;
  const floors = hasFloors ? await measureFloors(platform, corpus, validation) : [];
  return { path, trigram: floors.at(-1)?.figures.natsPerEvent };
}

/** The validation loss after so many updates. */
function learn(name: string, corpus: string, out: string, steps: string, learningRate: string) {
  const set = [
    "samples.every=0",
    "validation.events=2000",
    "validation.patience=0",
    `validation.every=${steps}`,
  ];
  return trainedSchema.parse(
    rubato(
      "train",
      corpus,
      "--config",
      name,
      ...["--out", out, "--steps", steps, "--learning-rate", learningRate, "--threads", values.threads],
      ...["--batch-size", values["batch-size"], "--window", values.window],
      ...set.flatMap((each) => ["--set", each]),
    ),
  );
}

console.log(`${describeMachine()}; ${process.argv.slice(2).join(" ")}\n`);
console.log("| configuration | parameters | loss before | after | trigram | seconds made | notes |");
console.log("|---|--:|--:|--:|--:|--:|--:|");
try {
  for (const name of values.only.split(",")) {
    const known = new Map<string, Published>(Object.entries(published)).get(name);
    if (known === undefined) throw new Error(`there is no configuration ${name}`);
    const { path, trigram } = await corpusFor(known);
    // One update that is too small to change a weight.
    const before = learn(name, path, join(folder, `${name}-before`), "1", "1e-12");
    const out = join(folder, name);
    const after = learn(name, path, out, values.steps, values["learning-rate"]);
    const generated = rubato(
      "generate",
      ...["--model", out, "--output", join(folder, `${name}.mid`), "--seed", "1", "--seconds", values.seconds],
      ...["--temperature", "1", "--no-originality"],
    );
    const [{ seconds, notes }] = generatedSchema.parse(generated).pieces;
    const cells = [
      after.parameters.toLocaleString("en"),
      before.standing.best.toFixed(3),
      after.standing.best.toFixed(3),
      trigram?.toFixed(3) ?? "–",
      seconds.toFixed(1),
      notes,
    ];
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
