/** @file What became of every file: report.json for programs, report.md for people. */
import type { CorpusIndex, SplitTotals } from "../../corpus/format.ts";
import { type SplitName, splitNames } from "../../corpus/table.ts";
import type { PlannedPiece } from "./plan.ts";

export interface PrepareReport {
  readonly name: string;
  readonly representation: string;
  readonly split: CorpusIndex["split"];
  readonly totals: CorpusIndex["totals"];
  /** What each of several sources gave. */
  readonly sources?: readonly SourceShare[];
  readonly taken: readonly {
    readonly source: string;
    readonly split: string;
    readonly notes: number;
    readonly seconds: number;
    readonly steps: number;
    readonly warnings: readonly string[];
  }[];
  readonly refused: readonly { readonly source: string; readonly why: string }[];
  /** Listed by the data set's table and not there. */
  readonly missing: readonly string[];
  /** Remarks on the whole, such as an empty validation split. */
  readonly remarks: readonly string[];
}

export interface SourceShare {
  readonly name: string;
  readonly pieces: Readonly<Partial<Record<SplitName, number>>>;
  readonly notes: number;
  readonly seconds: number;
  readonly refused: number;
}

/** @param sources names with which paths begin, where there are several */
export function createReport(
  index: CorpusIndex,
  pieces: readonly PlannedPiece[],
  refused: PrepareReport["refused"],
  missing: readonly string[],
  sources: readonly string[] = [],
): PrepareReport {
  const remarks: string[] = [];
  if (index.totals.train === undefined) {
    remarks.push("No piece is for training: the table's split has all of these elsewhere.");
  }
  if (index.totals.validation === undefined) {
    remarks.push(
      index.split.by === "table"
        ? "No piece is for validation: the table's split has all of these elsewhere."
        : "No piece is left for validation: there is one composition only, or --split left none.",
    );
  }
  if (missing.length > 0) remarks.push(`Listed by the table and missing: ${missing.length}.`);
  return {
    name: index.name,
    representation: index.representation.name,
    split: index.split,
    totals: index.totals,
    ...(sources.length > 1 && { sources: sources.map((name) => shareOf(name, index, refused)) }),
    taken: pieces.map(({ piece, entry }) => ({
      source: piece.source,
      split: piece.split,
      notes: piece.notes,
      seconds: piece.seconds,
      steps: piece.length,
      warnings: entry.facts.warnings,
    })),
    refused,
    missing,
    remarks,
  };
}

function shareOf(name: string, index: CorpusIndex, refused: PrepareReport["refused"]): SourceShare {
  const isFrom = ({ source }: { readonly source: string }) => source.startsWith(`${name}/`);
  const own = index.pieces.filter(isFrom);
  const pieces: Partial<Record<SplitName, number>> = {};
  for (const { split } of own) pieces[split] = (pieces[split] ?? 0) + 1;
  return {
    name,
    pieces,
    notes: own.reduce((sum, { notes }) => sum + notes, 0),
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    refused: refused.filter(isFrom).length,
  };
}

/** How pieces were divided, in words. */
export function splitInWords(split: CorpusIndex["split"]): string {
  if (split.by === "table") return `the table ${split.table}`;
  const drawn = `composition (share ${split.share}, seed ${split.seed})`;
  if (split.by === "composition" || split.tables.length === 0) return drawn;
  return `${split.tables.length === 1 ? "the table" : "the tables"} ${split.tables.join(", ")}, and by ${drawn} where there is none`;
}

/** Texts from files may hold what Markdown takes for its own. */
const plain = (text: string) => text.replace(/[\r\n]+/g, " ").replace(/[\\`*_[\]<>|]/g, "\\$&");

export function formatReport(report: PrepareReport): string {
  const warned = report.taken.filter((piece) => piece.warnings.length > 0);
  const lines = [
    `# Corpus ${plain(report.name)}`,
    "",
    `Representation \`${report.representation}\`; split by ${plain(splitInWords(report.split))}.`,
    "",
    "| split | pieces | hours | notes | steps |",
    "|---|--:|--:|--:|--:|",
    ...Object.entries(report.totals).map(([split, total]) => totalsRow(split, total)),
    "",
    ...(report.sources ? sourcesTable(report.sources) : []),
    ...report.remarks.flatMap((remark) => [remark, ""]),
    ...section(
      "Refused",
      report.refused.map(({ source, why }) => `${plain(source)}: ${plain(why)}`),
    ),
    ...section(
      "Read with warnings",
      warned.flatMap(({ source, warnings }) =>
        warnings.map((warning) => `${plain(source)}: ${plain(warning)}`),
      ),
    ),
    ...section("Missing", report.missing.map(plain)),
    ...section(
      "Taken",
      report.taken.map((piece) => `${plain(piece.source)} (${piece.split}, ${piece.notes} notes)`),
    ),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function sourcesTable(sources: readonly SourceShare[]): readonly string[] {
  const rows = sources.map(
    ({ name, pieces, notes, seconds, refused }) =>
      `| ${plain(name)} | ${splitNames.map((split) => pieces[split] ?? 0).join(" | ")} | ${(seconds / 3600).toFixed(2)} | ${notes} | ${refused} |`,
  );
  return [
    `| source | ${splitNames.join(" | ")} | hours | notes | refused |`,
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows,
    "",
  ];
}

function totalsRow(split: string, total: SplitTotals): string {
  return `| ${split} | ${total.pieces} | ${(total.seconds / 3600).toFixed(2)} | ${total.notes} | ${total.steps} |`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`## ${title} (${lines.length})`, "", ...lines.map((line) => `- ${line}`), ""];
}
