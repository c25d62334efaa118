/** @file `rubato prepare`. */
import {
  type ComposerRow,
  listComposers,
  type Prepared,
  prepare,
  prepareSchema,
} from "../../workflows/prepare/index.ts";
import { defineCommand, type Outcome } from "../command.ts";
import { table } from "../table.ts";

export default defineCommand({
  name: "prepare",
  summary: "make a corpus from MIDI files: tokens, splits and a report",
  positional: ["source", "more"],
  schema: prepareSchema,
  examples: [
    { line: "rubato prepare my-midi-files", does: "a corpus in corpora/my-midi-files" },
    { line: "rubato prepare maestro --download", does: "fetch MAESTRO (56 MiB) and prepare it" },
    { line: "rubato prepare maestro-v3.0.0 --list", does: "its composers, with pieces and hours" },
    { line: "rubato prepare maestro-v3.0.0 --composer debussy --out corpora/debussy", does: "one composer" },
    { line: "rubato prepare songs.zip --representation notes --split 0.95", does: "from an archive" },
    {
      line: "rubato prepare pop909 groove --representation multitrack --out corpora/band",
      does: "two sources in one corpus",
    },
    { line: "rubato prepare songs --set velocityBins=0", does: "without dynamics" },
  ],
  async run(options, { platform, color }) {
    if (options.list) return describeComposers(await listComposers(platform, options));
    return describePrepared(await prepare(platform, options), color.dim);
  },
});

export function describeComposers(rows: readonly ComposerRow[]): Outcome {
  const cells = rows.map((row) => [row.composer || "(none)", String(row.pieces), row.hours.toFixed(2)]);
  return { json: rows, lines: table(["composer", "pieces", "hours"], cells) };
}

export function describePrepared({ out, report, written }: Prepared, dim: (text: string) => string): Outcome {
  const warnings = report.taken.reduce((sum, piece) => sum + piece.warnings.length, 0);
  const totals = Object.entries(report.totals);
  const json = {
    out,
    written,
    representation: report.representation,
    split: report.split,
    totals: Object.fromEntries(
      totals.map(([split, { seconds, ...rest }]) => [split, { ...rest, hours: seconds / 3600 }]),
    ),
    ...(report.sources && { sources: report.sources }),
    refused: report.refused,
    missing: report.missing.length,
    warnings,
    remarks: report.remarks,
    report: `${out}/report.md`,
  };
  const lines = [
    ...table(
      ["split", "pieces", "hours", "notes", "tokens"],
      totals.map(([split, total]) => [
        split,
        String(total.pieces),
        (total.seconds / 3600).toFixed(2),
        String(total.notes),
        String(total.tokens),
      ]),
    ),
    ...(report.sources ?? []).map(({ name, pieces, notes, refused }) => {
      const parts = Object.entries(pieces).map(([split, count]) => `${count} ${split}`);
      return `from ${name}: ${parts.join(", ") || "nothing"}; ${notes} notes${refused > 0 ? `; ${refused} refused` : ""}`;
    }),
    ...report.remarks,
    ...(report.refused.length > 0
      ? [
          `${report.refused.length} files refused, the first: ${report.refused[0].source}: ${report.refused[0].why}`,
        ]
      : []),
    dim(
      `${written ? "wrote" : "nothing changed in"} ${out} (${warnings} warnings; every file in ${out}/report.md)`,
    ),
  ];
  return { json, lines };
}
