/** @file From pieces to the layout of a corpus: split, shard and place of each piece, decided before a byte is written. */
import {
  type CorpusIndex,
  type CorpusPiece,
  corpusFormat,
  corpusVersion,
  type SplitTotals,
} from "../../corpus/format.ts";
import { splitByComposition } from "../../corpus/split.ts";
import { type SplitName, splitNames, type Table } from "../../corpus/table.ts";
import type { Representation } from "../../representations/index.ts";
import type { TakenEntry } from "./entry.ts";
import type { SelectedFile } from "./select.ts";

/** Shards hold at most so many steps: 128 MiB of uint16. */
const stepsPerShard = 2 ** 26;

export interface TakenFile {
  readonly file: SelectedFile;
  readonly entry: TakenEntry;
}

export interface PlannedPiece {
  readonly piece: CorpusPiece;
  readonly entry: TakenEntry;
}

export interface PlanOptions {
  readonly name: string;
  readonly representation: Representation;
  readonly segmentSeconds: number | undefined;
  readonly share: number;
  readonly seed: number;
  readonly table: Table | undefined;
}

/** The index of the corpus, and the pieces in the order in which their bytes are to be written. */
export function planCorpus(
  taken: readonly TakenFile[],
  options: PlanOptions,
): { readonly index: CorpusIndex; readonly pieces: readonly PlannedPiece[] } {
  const { representation, table } = options;
  const splits = chooseSplits(taken, options);
  const pieces: PlannedPiece[] = [];
  const shards: CorpusIndex["shards"] = {};
  const totals: CorpusIndex["totals"] = {};
  for (const split of splitNames) {
    const members = taken.filter((_, index) => splits[index] === split);
    if (members.length === 0) continue;
    const list: { steps: number; noteBytes: number }[] = [];
    const total: SplitTotals = { pieces: 0, notes: 0, seconds: 0, steps: 0, tokens: 0 };
    for (const { file, entry } of members) {
      const { facts } = entry;
      let shard = list.at(-1);
      if (shard === undefined || (shard.steps > 0 && shard.steps + facts.length > stepsPerShard)) {
        shard = { steps: 0, noteBytes: 0 };
        list.push(shard);
      }
      pieces.push({ piece: place(file, entry, split, list.length - 1, shard), entry });
      shard.steps += facts.length;
      shard.noteBytes += entry.columns.length;
      total.pieces++;
      total.notes += facts.notes;
      total.seconds += facts.seconds;
      total.steps += facts.length;
      total.tokens += facts.length * representation.fields.length;
    }
    shards[split] = list;
    totals[split] = total;
  }
  const index: CorpusIndex = {
    format: corpusFormat,
    version: corpusVersion,
    name: options.name,
    representation: { name: representation.name, config: { ...representation.config } },
    fields: representation.fields.map((field) => ({ ...field })),
    segmentSeconds: options.segmentSeconds ?? null,
    split: table?.hasSplits
      ? { by: "table", table: table.name }
      : { by: "composition", share: options.share, seed: options.seed },
    shards,
    totals,
    pieces: pieces.map(({ piece }) => piece),
  };
  return { index, pieces };
}

function chooseSplits(
  taken: readonly TakenFile[],
  { share, seed, table }: PlanOptions,
): readonly SplitName[] {
  if (table?.hasSplits) return taken.map(({ file }) => file.split ?? "train");
  const items = taken.map(({ file, entry }) => ({
    composer: file.composer,
    title: file.title,
    melody: entry.facts.melody,
  }));
  return splitByComposition(items, share, seed).map((isTraining) => (isTraining ? "train" : "validation"));
}

function place(
  file: SelectedFile,
  entry: TakenEntry,
  split: SplitName,
  shard: number,
  filled: { readonly steps: number; readonly noteBytes: number },
): CorpusPiece {
  const { facts } = entry;
  return {
    source: file.file.path,
    label: file.label,
    composer: file.composer,
    title: file.title,
    split,
    shard,
    offset: filled.steps,
    length: facts.length,
    ...(facts.segments && { segments: [...facts.segments] }),
    notesOffset: filled.noteBytes,
    notes: facts.notes,
    crossings: facts.crossings,
    instruments: facts.instruments.map((instrument) => ({ ...instrument })),
    seconds: facts.seconds,
    warnings: facts.warnings.length,
    hash: entry.hash,
  };
}
