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
  /** Of each source: one unless several are joined. */
  readonly tables: readonly (Table | undefined)[];
}

/** The index of the corpus, and the pieces in the order in which their bytes are to be written. */
export function planCorpus(
  taken: readonly TakenFile[],
  options: PlanOptions,
): { readonly index: CorpusIndex; readonly pieces: readonly PlannedPiece[] } {
  const { representation } = options;
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
    split: describeSplit(options),
    shards,
    totals,
    pieces: pieces.map(({ piece }) => piece),
  };
  return { index, pieces };
}

function describeSplit({ tables, share, seed }: PlanOptions): CorpusIndex["split"] {
  const names = tables.flatMap((table) => (table?.hasSplits ? [table.name] : []));
  if (tables.length > 1) return { by: "sources", tables: names, share, seed };
  return names.length > 0 ? { by: "table", table: names[0] } : { by: "composition", share, seed };
}

/** As a table has it, where one does; the others by composition. */
function chooseSplits(taken: readonly TakenFile[], { share, seed }: PlanOptions): readonly SplitName[] {
  const open = taken.filter(({ file }) => file.split === undefined);
  const items = open.map(({ file, entry }) => ({
    composer: file.composer,
    title: file.title,
    melody: entry.facts.melody,
  }));
  const isTraining = splitByComposition(items, share, seed);
  const drawn = new Map(open.map((each, i) => [each, isTraining[i]]));
  return taken.map((each) => each.file.split ?? (drawn.get(each) === true ? "train" : "validation"));
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
