/** @file A corpus on a page: splits, composers, tokens, and whether it is whole. */
import type { CorpusFacts, SplitFacts } from "../../workflows/inspect/index.ts";
import { table } from "../table.ts";
import { bar, count, length, type Page, percent, row, section, shorten } from "./page.ts";

const mostComposers = 10;
const mostFaults = 10;
const barColumns = 24;

export function layOutCorpus(page: Page, facts: CorpusFacts): string[] {
  const { color } = page;
  const { name, path, representation, fields, split, damage, files, lengths, warnings } = facts;
  const bytes = files.reduce((sum, file) => sum + (file.found ?? 0), 0);
  const config = Object.entries(representation.config).map(([key, value]) => `${key}=${String(value)}`);
  const tables = split.by === "table" ? [split.table] : split.by === "sources" ? split.tables : [];
  const how = [
    ...(tables.length > 0 ? [`by ${tables.join(", ")}`] : []),
    ...(split.by === "table"
      ? []
      : [
          `${tables.length > 0 ? "elsewhere " : ""}by composition`,
          `${percent(split.share)} for training`,
          `seed ${split.seed}`,
        ]),
  ];
  return [
    color.bold(`Corpus ${shorten(name, page.width - 7)}`),
    color.dim(shorten(path, page.width)),
    "",
    ...row(page, "Tokens of", [representation.name, ...config]),
    ...row(page, "Vocabulary", fieldParts(fields)),
    ...row(page, "Split", how),
    ...row(page, "Pieces last", [
      `from ${length(lengths.shortest)} to ${length(lengths.longest)}`,
      `half of them under ${length(lengths.median)}`,
      ...(facts.segmentSeconds === null ? [] : [`cut into segments of ${facts.segmentSeconds} s`]),
    ]),
    ...row(page, "Warnings", [
      warnings.warnings === 0
        ? "none"
        : `${count(warnings.warnings, "warning")} in ${count(warnings.pieces, "piece")}: every one in report.md`,
    ]),
    ...row(page, "On disk", [count(files.length, "file"), `${(bytes / 2 ** 20).toFixed(1)} MiB`]),
    ...section(
      page,
      "Splits",
      indented(splitLines(facts.splits.length > 1 ? [...facts.splits, facts.total] : facts.splits)),
    ),
    ...section(page, "Composers", composerLines(page, facts)),
    ...section(page, "Tokens", tokenLines(page, facts)),
    "",
    ...(damage.length === 0
      ? [color.green("Whole: every file is there, and as long as the index says.")]
      : faultLines(page, damage)),
  ];
}

function fieldParts(fields: CorpusFacts["fields"]): string[] {
  const total = fields.reduce((sum, { size }) => sum + size, 0);
  return fields.length === 1
    ? [`${total} tokens`]
    : [`${total} tokens in ${fields.length} fields`, ...fields.map(({ name, size }) => `${name} ${size}`)];
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function splitLines(splits: readonly SplitFacts[]): string[] {
  return table(
    ["split", "pieces", "hours", "notes", "tokens", "tokens/note", "tokens/s"],
    splits.map((each) => [
      each.split,
      each.pieces.toLocaleString("en"),
      each.hours.toFixed(2),
      each.notes.toLocaleString("en"),
      each.tokens.toLocaleString("en"),
      each.tokensPerNote.toFixed(2),
      each.tokensPerSecond.toFixed(1),
    ]),
  );
}

function composerLines(page: Page, { composers }: CorpusFacts): string[] {
  if (composers.length < 2) return [];
  const most = composers[0].hours;
  const shown = composers.slice(0, mostComposers);
  const rest = composers.slice(mostComposers);
  const sum = (pick: (each: (typeof rest)[number]) => number) =>
    rest.reduce((total, each) => total + pick(each), 0);
  const cells = shown.map(({ composer, pieces, hours }) => [
    shorten(composer || "(none)", page.width - 24 - barColumns),
    String(pieces),
    hours.toFixed(2),
    bar(most > 0 ? hours / most : 0, barColumns),
  ]);
  const others =
    rest.length === 0
      ? []
      : [
          [
            `${rest.length} more`,
            String(sum(({ pieces }) => pieces)),
            sum(({ hours }) => hours).toFixed(2),
            "",
          ],
        ];
  return indented(table(["composer", "pieces", "hours", ""], [...cells, ...others]));
}

function tokenLines(page: Page, { tokens, fields }: CorpusFacts): string[] {
  if (tokens === null) return [];
  // A field with one kind of token has nothing to tell.
  const told = tokens.kinds.filter(
    ({ field }) => tokens.kinds.filter((each) => each.field === field).length > 1,
  );
  const rows = told.map(({ field, kind, share }) => [
    fields.length === 1 || kind === field ? kind : `${field}: ${kind}`,
    `${(share * 100).toFixed(2)} %`.padStart(8),
    bar(share, barColumns),
  ]);
  const { pieces, tokens: counted, used, vocabulary } = tokens;
  return [
    ...indented(rows.length === 0 ? [] : table(["kind", "   share", ""], rows)),
    page.color.dim(
      `  in a sample of ${count(pieces, "piece")} and ${count(counted, "token")}; ${used} of ${vocabulary} different tokens occur`,
    ),
  ];
}

function faultLines({ color }: Page, damage: readonly string[]): string[] {
  const more = damage.length - mostFaults;
  return [
    color.red(`Damaged (${count(damage.length, "fault")}): prepare the corpus again.`),
    ...damage.slice(0, mostFaults).map((fault) => color.red(`  ${fault}`)),
    ...(more > 0 ? [`  and ${more} more (--json has them all)`] : []),
  ];
}
