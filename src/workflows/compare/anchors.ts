/**
 * @file Anchors: what music is measured against, fitted to a corpus once. The train split is the reference, the validation split is
 * real music that the reference does not hold, and trigrams counted in the train split make the noise.
 */
import { z } from "zod";
import { type Corpus, CorpusError } from "../../corpus/index.ts";
import { type Anchor, type Descriptions, NGram, placesIn } from "../../evaluation/index.ts";
import { type Metric, metrics, openMetric } from "../../metrics/index.ts";
import { excerptOf, type Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { messageOf } from "../../util/errors.ts";
import { parseJson } from "../../util/json.ts";
import { createRandom, type Random } from "../../util/random.ts";
import { piecesOfSplit } from "./music.ts";

/** Excerpts of noise that floors are drawn from. */
const noiseExcerpts = 192;
/** Pieces are drawn from trigrams until they have this many times the notes that are asked for in tokens, at first. */
const tokensPerNote = 6;
/** Trigrams that strike no note in so many tokens never will. */
const mostTokensPerNote = 400;

/** Noise forgets to end notes; these are cut as generation cuts them. */
const longestNoiseSeconds = 5;

/** Raised when a file of an older version would be misread. */
const version = 1;
const rows = z.array(z.array(z.number()));
const anchorsSchema = z.object({
  format: z.literal("rubato-anchors"),
  version: z.literal(version),
  corpus: z.string().describe("SHA-256 of the index"),
  notes: z.int(),
  metrics: z.array(
    z.object({
      name: z.string(),
      config: z.record(z.string(), z.unknown()),
      reference: z.array(z.number()),
      real: rows,
      noise: rows,
    }),
  ),
});

export interface Anchors {
  readonly anchors: readonly Anchor[];
  /** Excerpts that the ceiling is drawn from. */
  readonly real: number;
  /** What went wrong without harm, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Reads what was fitted before, or fits it and keeps it in the corpus's folder. All metrics are fitted, whichever are asked for.
 *
 * @throws CorpusError where a split is missing, or has no excerpt that is long enough
 */
export async function anchorsOf(platform: Platform, corpus: Corpus, notes: number): Promise<Anchors> {
  const { store, sha256 } = platform;
  const fingerprint = sha256(await store.read(`${corpus.path}/index.json`));
  const path = `${corpus.path}/anchors-${notes}.json`;
  const kept = await readAnchors(platform, path, fingerprint, notes);
  if (kept !== undefined) return { anchors: kept, real: kept[0].real.length, remarks: [] };
  const stored = storedFrom(await fitAnchors(platform, corpus, notes), fingerprint, notes);
  const remarks: string[] = [];
  try {
    await store.write(path, new TextEncoder().encode(JSON.stringify(stored)));
  } catch (error) {
    remarks.push(`anchors could not be kept, and are fitted anew next time: ${messageOf(error)}`);
  }
  // As they are read, so that figures are the same the first time and ever after.
  const anchors = anchorsFrom(stored);
  return { anchors, real: anchors[0].real.length, remarks };
}

type Stored = z.output<typeof anchorsSchema>;

function storedFrom(anchors: readonly Anchor[], corpus: string, notes: number): Stored {
  return {
    format: "rubato-anchors",
    version,
    corpus,
    notes,
    metrics: anchors.map(({ metric: { name, config }, reference, real, noise }) => ({
      name,
      config,
      reference: short(reference),
      real: real.map(short),
      noise: noise.map(short),
    })),
  };
}

/** Seven digits say all that a metric has to say. */
const short = (numbers: Float64Array) => Array.from(numbers, (each) => Number(each.toPrecision(7)));

/** Undefined where there are none, or of other music, metrics or configurations: then they are fitted anew. */
async function readAnchors(
  { store }: Pick<Platform, "store">,
  path: string,
  fingerprint: string,
  notes: number,
): Promise<readonly Anchor[] | undefined> {
  if ((await store.stat(path)) === undefined) return undefined;
  const parsed = anchorsSchema.safeParse(parseJson(new TextDecoder().decode(await store.read(path))));
  if (!parsed.success || parsed.data.corpus !== fingerprint || parsed.data.notes !== notes) return undefined;
  const anchors = anchorsFrom(parsed.data);
  return anchors.length === Object.keys(metrics).length ? anchors : undefined;
}

/** Those of metrics that are still the same. */
function anchorsFrom(stored: Stored): readonly Anchor[] {
  const byName = new Map(stored.metrics.map((each) => [each.name, each]));
  return openAll().flatMap((metric) => {
    const found = byName.get(metric.name);
    if (found === undefined || JSON.stringify(found.config) !== JSON.stringify(metric.config)) return [];
    const { reference, real, noise } = found;
    const columns = (each: readonly (readonly number[])[]) => each.map((row) => Float64Array.from(row));
    return [{ metric, reference: Float64Array.from(reference), real: columns(real), noise: columns(noise) }];
  });
}

const openAll = (): readonly Metric[] => Object.keys(metrics).map((name) => openMetric(name));

async function fitAnchors(platform: Platform, corpus: Corpus, notes: number): Promise<readonly Anchor[]> {
  const all = openAll();
  const random = createRandom("anchors");
  const reference = await describeSplit(platform, corpus, "train", { notes, all, random });
  const real = await describeSplit(platform, corpus, "validation", { notes, all, random });
  const noise = describeAll(await drawNoise(platform, corpus, notes, random.fork("noise")), all);
  return all.map((metric, k) => ({
    metric,
    reference: metric.gather(reference[k]),
    real: real[k],
    noise: noise[k],
  }));
}

/** By metric, what it says of all excerpts of a split. */
async function describeSplit(
  platform: Platform,
  corpus: Corpus,
  split: "train" | "validation",
  {
    notes,
    all,
    random,
  }: { readonly notes: number; readonly all: readonly Metric[]; readonly random: Random },
): Promise<readonly Descriptions[]> {
  const described: Float64Array[][] = all.map(() => []);
  let piece = 0;
  for await (const performance of piecesOfSplit(platform, corpus, split)) {
    // Piece by piece, so that the music of a split is never in memory all at once.
    const places = placesIn([performance.notes.count], notes, random.fork(`${split} ${piece++}`));
    for (const [k, each] of describeAll(
      places.map(({ from }) => excerptOf(performance, from, notes)),
      all,
    ).entries()) {
      described[k].push(...each);
    }
  }
  // A single excerpt is as far from itself as from nothing: no distance can be drawn.
  if (described[0].length > 1) return described;
  throw new CorpusError(
    `found ${described[0].length === 1 ? "1 excerpt" : "no excerpt"} of ${notes} notes in the ${split} split of ${corpus.path}, expected some: ask for shorter ones with --notes, or prepare a corpus with longer pieces`,
  );
}

export function describeAll(
  excerpts: readonly Performance[],
  all: readonly Metric[],
): readonly Descriptions[] {
  return all.map((metric) => excerpts.map((excerpt) => metric.describe(excerpt)));
}

/** @throws CorpusError for representations that are no stream of events, and those whose trigrams hardly play */
async function drawNoise(
  { report }: Pick<Platform, "report">,
  corpus: Corpus,
  notes: number,
  random: Random,
): Promise<readonly Performance[]> {
  const { representation, index } = corpus;
  if (representation.fields.length > 1) {
    throw new CorpusError(
      `found a corpus of \`${representation.name}\` in ${corpus.path}, a step of which has ${representation.fields.length} fields, expected a stream of events such as \`performance\`: prepare it with --representation performance`,
    );
  }
  const ngram = new NGram({ order: 3, vocabularySize: representation.vocabularySize });
  const train = index.pieces.filter(({ split }) => split === "train");
  for (const [done, piece] of train.entries()) {
    for (const tokens of await corpus.tokens(piece)) ngram.add(tokens);
    report({ stage: "counting trigrams", done: done + 1, total: train.length, unit: "pieces" });
  }
  return Array.from({ length: noiseExcerpts }, (_, i) => {
    for (let length = tokensPerNote * notes; length <= mostTokensPerNote * notes; length *= 2) {
      const performance = representation.decode(ngram.draw(length, random.fork(i)), {
        maximumNoteSeconds: longestNoiseSeconds,
      });
      if (performance.notes.count >= notes) return excerptOf(performance, 0, notes);
    }
    throw new CorpusError(
      `found fewer than ${notes} notes in ${(mostTokensPerNote * notes).toLocaleString("en")} events drawn from the trigrams of ${corpus.path}, expected music with more notes in it: prepare another corpus`,
    );
  });
}
