/** @file What became of every file: report.json for programs, report.md for people. */
import type { CorpusIndex, SplitTotals } from "../../corpus/format.ts";
import type { PlannedPiece } from "./plan.ts";

export interface PrepareReport {
  readonly name: string;
  readonly representation: string;
  readonly split: CorpusIndex["split"];
  readonly totals: CorpusIndex["totals"];
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

export function createReport(
  index: CorpusIndex,
  pieces: readonly PlannedPiece[],
  refused: PrepareReport["refused"],
  missing: readonly string[],
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

/** Texts from files may hold what Markdown takes for its own. */
const plain = (text: string) => text.replace(/[\r\n]+/g, " ").replace(/[\\`*_[\]<>|]/g, "\\$&");

export function formatReport(report: PrepareReport): string {
  const warned = report.taken.filter((piece) => piece.warnings.length > 0);
  const lines = [
    `# Corpus ${plain(report.name)}`,
    "",
    `Representation \`${report.representation}\`; split by ${report.split.by === "table" ? `the table ${plain(report.split.table)}` : `composition (share ${report.split.share}, seed ${report.split.seed})`}.`,
    "",
    "| split | pieces | hours | notes | steps |",
    "|---|--:|--:|--:|--:|",
    ...Object.entries(report.totals).map(([split, total]) => totalsRow(split, total)),
    "",
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

function totalsRow(split: string, total: SplitTotals): string {
  return `| ${split} | ${total.pieces} | ${(total.seconds / 3600).toFixed(2)} | ${total.notes} | ${total.steps} |`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`## ${title} (${lines.length})`, "", ...lines.map((line) => `- ${line}`), ""];
}
