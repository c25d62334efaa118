/**
 * @file How good is what models play, and is it theirs? Real music, trigrams and each model: anchored score, classifier, likelihood,
 * originality, in one table.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/compare-models.ts /tmp/corpus --keep /tmp/runs
 *     npx tsx bench/systems.ts /tmp/corpus piano /tmp/runs/transformer-1 /tmp/runs/gru-1 /tmp/runs/lstm-1 \
 *       [--out /tmp/systems] [--pieces 64] [--notes 512] [--limit 20] [--seed 1]
 *
 * What was generated stays in `--out` and is not generated again.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { NGram, placesIn, tellApart } from "../src/evaluation/index.ts";
import { midiFromPerformance, writeMidi } from "../src/midi/index.ts";
import { excerptOf, type Performance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { createRandom, shuffled } from "../src/util/random.ts";
import { meanOf } from "../src/util/statistics.ts";
import { rubato } from "./command.ts";
import { describeMachine } from "./machine.ts";
import { maximumNoteSeconds, openCorpusAt } from "./music-figures.ts";

const number = z.coerce.number().int().min(1);
const { values, positionals } = parseArgs({
  options: {
    out: { type: "string", default: "/tmp/systems" },
    pieces: { type: "string", default: "64" },
    notes: { type: "string", default: "512" },
    limit: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
  allowPositionals: true,
});
const { pieces, notes, limit, seed } = z
  .object({ pieces: number, notes: number, limit: number, seed: number })
  .parse({ ...values });
const [path, ...models] = positionals;
if (path === undefined) throw new Error("give a corpus: see the top of bench/systems.ts");
const corpus = await openCorpusAt(path);
const { representation } = corpus;
const platform = nodePlatform();
const random = createRandom(seed);

async function keep(name: string, music: readonly Performance[]): Promise<string> {
  const folder = join(values.out, name);
  for (const [i, performance] of music.entries()) {
    await platform.store.write(
      join(folder, `${String(i).padStart(3, "0")}.mid`),
      writeMidi(midiFromPerformance(performance)),
    );
  }
  return folder;
}

/** One excerpt of each of as many validation pieces as there are, and then a second one, and so on. */
async function realExcerpts(): Promise<readonly (readonly Performance[])[]> {
  const of = corpus.index.pieces.filter(({ split }) => split === "validation");
  const excerpts: Performance[][] = [];
  for (const [i, piece] of of.entries()) {
    const [tokens] = await corpus.tokens(piece);
    const performance = representation.decode(tokens);
    const places = placesIn([performance.notes.count], notes, random.fork(`real ${i}`));
    excerpts.push(places.map(({ from }) => excerptOf(performance, from, notes)));
  }
  return shuffled(
    excerpts.filter(({ length }) => length > 0),
    random.fork("pieces"),
  );
}

async function trigrams(): Promise<readonly Performance[]> {
  const ngram = new NGram({ order: 3, vocabularySize: representation.vocabularySize });
  for (const piece of corpus.index.pieces.filter(({ split }) => split === "train")) {
    for (const tokens of await corpus.tokens(piece)) ngram.add(tokens);
  }
  return Array.from({ length: pieces }, (_, i) =>
    excerptOf(
      representation.decode(ngram.draw(6 * notes, random.fork(`trigrams ${i}`)), { maximumNoteSeconds }),
      0,
      notes,
    ),
  );
}

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
const comparedSchema = z.object({
  systems: z.array(
    z.object({
      name: z.string(),
      score: estimate,
      classifier: estimate.nullable(),
      overlappingArea: z.number(),
    }),
  ),
});
const originalitySchema = z.object({
  files: z.array(
    z.object({
      shares: z.array(z.object({ notes: z.number(), share: z.number() })),
      longest: z.object({ notes: z.number() }).nullable(),
      verdict: z.string().nullable(),
    }),
  ),
});
const evaluatedSchema = z.object({
  protocols: z.array(z.object({ natsPerEvent: z.number(), accuracy: z.number() })).min(1),
});

const real = await realExcerpts();
const folders = [
  await keep(
    "real",
    real.slice(0, pieces).map(([first]) => first),
  ),
  await keep("trigrams", await trigrams()),
];
for (const model of models) {
  const folder = join(values.out, basename(model));
  if (!existsSync(folder)) {
    // Some more notes than are compared, so that excerpts do not always begin where pieces begin.
    const asked = [
      "--samples",
      String(pieces),
      "--notes",
      String(Math.round(1.2 * notes)),
      "--seed",
      String(seed),
    ];
    rubato("generate", "--model", model, ...asked, "--no-originality", "--output", folder);
  }
  folders.push(folder);
}

const settings = [
  "--against",
  path,
  "--notes",
  String(notes),
  "--excerpts",
  String(pieces),
  "--seed",
  String(seed),
];
const { systems } = comparedSchema.parse(rubato("compare", ...folders, ...settings));

// Real music on both sides: the pieces of one half of the validation split from those of the other.
const half = real.length >> 1;
const side = (from: number) =>
  real
    .slice(from, from + half)
    .flatMap((excerpts, piece) => excerpts.slice(0, 2).map((excerpt) => ({ piece, excerpt })));
const { accuracy: amongReal } = await tellApart(platform.runtime, side(0), side(half), { seed });

console.log(
  `${describeMachine()}; ${pieces} excerpts of ${notes} notes, seed ${seed}; likelihood: ${limit} validation pieces in segments of 2,048\n`,
);
console.log(
  "| | anchored score | told from real music | overlapping area | nats per event | foretold | passages of 8, 12, 16 notes that the train split has | longest in common, mean and most | original, close, copied |",
);
console.log("| --- | --: | --: | --: | --: | --: | --: | --: | --: |");
for (const [i, folder] of folders.entries()) {
  const { score, classifier, overlappingArea } = systems[i];
  const { files } = originalitySchema.parse(rubato("originality", folder, "--against", path));
  const shares = [0, 1, 2].map(
    (k) => `${(100 * meanOf(files.map((file) => file.shares[k].share))).toFixed(2)} %`,
  );
  const longest = files.map((file) => file.longest?.notes ?? 0);
  const verdicts = ["original", "close", "copied"].map(
    (each) => files.filter(({ verdict }) => verdict === each).length,
  );
  const model = i < 2 ? undefined : models[i - 2];
  const likelihood =
    model === undefined
      ? ["", ""]
      : likelihoodOf(
          evaluatedSchema.parse(
            rubato(
              "evaluate",
              model,
              path,
              "--protocol",
              "segments",
              "--limit",
              String(limit),
              "--no-floors",
            ),
          ),
        );
  const told =
    i === 0 ? `${(100 * amongReal).toFixed(0)} %` : classifier === null ? "" : percents(classifier);
  console.log(
    `| ${[
      basename(folder),
      `${score.value.toFixed(1)} (${score.low.toFixed(1)} to ${score.high.toFixed(1)})`,
      told,
      overlappingArea.toFixed(3),
      ...likelihood,
      shares.join(", "),
      `${meanOf(longest).toFixed(1)}, ${Math.max(...longest)}`,
      verdicts.join(", "),
    ].join(" | ")} |`,
  );
}

function likelihoodOf({ protocols: [{ natsPerEvent, accuracy }] }: z.output<typeof evaluatedSchema>) {
  return [natsPerEvent.toFixed(3), `${(100 * accuracy).toFixed(1)} %`];
}

function percents({ value, low, high }: z.output<typeof estimate>): string {
  return `${(100 * value).toFixed(0)} % (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)})`;
}
