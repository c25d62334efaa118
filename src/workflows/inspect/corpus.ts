/** @file What a corpus is, and whether it is whole. */

import type { SplitTotals } from "../../corpus/format.ts";
import { type Corpus, type CorpusIndex, openCorpus } from "../../corpus/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { type CorpusFile, checkCorpus } from "./corpus-files.ts";
import { countTokens, type TokenShares } from "./token-shares.ts";

export interface SplitFacts {
  readonly split: string;
  readonly pieces: number;
  readonly hours: number;
  readonly notes: number;
  readonly tokens: number;
  readonly tokensPerNote: number;
  readonly tokensPerSecond: number;
}

export interface CorpusFacts {
  readonly path: string;
  readonly name: string;
  readonly representation: CorpusIndex["representation"];
  readonly fields: CorpusIndex["fields"];
  readonly segmentSeconds: number | null;
  readonly split: CorpusIndex["split"];
  readonly splits: readonly SplitFacts[];
  readonly total: SplitFacts;
  /** Most hours first. */
  readonly composers: readonly {
    readonly composer: string;
    readonly pieces: number;
    readonly hours: number;
  }[];
  /** Of pieces, in seconds. */
  readonly lengths: { readonly shortest: number; readonly median: number; readonly longest: number };
  readonly warnings: { readonly pieces: number; readonly warnings: number };
  readonly files: readonly CorpusFile[];
  /** What is wrong with it, a sentence each; empty for a whole corpus. */
  readonly damage: readonly string[];
  /** Null where the corpus is damaged. */
  readonly tokens: TokenShares | null;
}

export interface CorpusInspection {
  readonly kind: "corpus";
  readonly facts: CorpusFacts;
}

export async function inspectCorpus(
  platform: Platform,
  path: string,
  seed: number,
): Promise<CorpusInspection> {
  const corpus = await openCorpus(platform.store, path);
  const { index } = corpus;
  const { files, damage } = await checkCorpus(platform.store, path, index);
  const splits = Object.entries(index.totals).map(([split, totals]) => splitFacts(split, totals));
  return {
    kind: "corpus",
    facts: {
      path,
      name: index.name,
      representation: index.representation,
      fields: index.fields,
      segmentSeconds: index.segmentSeconds,
      split: index.split,
      splits,
      total: splitFacts("total", sumTotals(Object.values(index.totals))),
      composers: composersOf(index),
      lengths: lengthsOf(index),
      warnings: {
        pieces: index.pieces.filter((piece) => piece.warnings > 0).length,
        warnings: index.pieces.reduce((sum, piece) => sum + piece.warnings, 0),
      },
      files,
      damage,
      tokens: damage.length === 0 ? await sample(corpus, platform, seed) : null,
    },
  };
}

function sample(corpus: Corpus, { report }: Platform, seed: number): Promise<TokenShares> {
  return countTokens(corpus, seed, (done, total) =>
    report({ stage: "counting tokens", done, total, unit: "pieces" }),
  );
}

function splitFacts(split: string, { pieces, seconds, notes, tokens }: SplitTotals): SplitFacts {
  return {
    split,
    pieces,
    hours: seconds / 3600,
    notes,
    tokens,
    tokensPerNote: notes > 0 ? tokens / notes : 0,
    tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
  };
}

function sumTotals(all: readonly SplitTotals[]): SplitTotals {
  const sum = (key: keyof SplitTotals) => all.reduce((total, each) => total + each[key], 0);
  return {
    pieces: sum("pieces"),
    notes: sum("notes"),
    seconds: sum("seconds"),
    steps: sum("steps"),
    tokens: sum("tokens"),
  };
}

function composersOf({ pieces }: CorpusIndex): CorpusFacts["composers"] {
  const rows = new Map<string, { pieces: number; seconds: number }>();
  for (const { composer, seconds } of pieces) {
    const row = rows.get(composer) ?? { pieces: 0, seconds: 0 };
    rows.set(composer, { pieces: row.pieces + 1, seconds: row.seconds + seconds });
  }
  return [...rows]
    .map(([composer, { pieces: count, seconds }]) => ({ composer, pieces: count, hours: seconds / 3600 }))
    .sort((a, b) => b.hours - a.hours || (a.composer < b.composer ? -1 : 1));
}

function lengthsOf({ pieces }: CorpusIndex): CorpusFacts["lengths"] {
  const sorted = pieces.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return {
    shortest: sorted.at(0) ?? 0,
    median: sorted.at(Math.floor(sorted.length / 2)) ?? 0,
    longest: sorted.at(-1) ?? 0,
  };
}
