/** @file `rubato originality`. */
import {
  type Band,
  type FileOriginality,
  type Match,
  type OriginalityReport,
  originality,
  originalitySchema,
} from "../../workflows/originality/index.ts";
import { type Colors, defineCommand } from "../command.ts";

export default defineCommand({
  name: "originality",
  summary: "say whether music is copied from a corpus, in whatever key and at whatever tempo",
  positional: ["files"],
  schema: originalitySchema,
  examples: [
    {
      line: "rubato originality output/piece.mid --against corpora/maestro-v3.0.0",
      does: "the longest passage that both have, where it comes from, and what people share with the corpus",
    },
    {
      line: "rubato originality output/ --against corpora/mine --json",
      does: "a folder, for other programs",
    },
  ],
  async run(options, { platform, color, remark }) {
    const report = await originality(platform, options);
    for (const each of report.remarks) remark(each);
    return { json: report, lines: layOut(report, color) };
  },
});

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const clock = (seconds: number) => {
  const tenths = Math.round(10 * seconds);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
};

function layOut({ corpus, pieces, files, band }: OriginalityReport, color: Colors): string[] {
  return [
    ...files.flatMap((file) => [...layOutFile(file, band, color), ""]),
    color.dim(
      band === null
        ? `${corpus}, train split, ${pieces.toLocaleString("en")} pieces; its validation split has too few pieces to compare with, and so there is no verdict`
        : `${corpus}, train split, ${pieces.toLocaleString("en")} pieces; people: the ${band.pieces.toLocaleString("en")} pieces of its validation split`,
    ),
  ];
}

function layOutFile(
  { file, notes, shares, longest, verdict }: FileOriginality,
  band: Band | null,
  color: Colors,
): string[] {
  return [
    `${color.bold(file)}  ${notes.toLocaleString("en")} notes`,
    ...(verdict === null ? [] : [`  ${inWords[verdict]}`]),
    longest === null ? "  no passage in common" : `  ${passage(longest)}`,
    ...(band === null
      ? []
      : [
          color.dim(
            `    people: ${band.longest.p95.toFixed(0)} notes in 95 of 100 pieces, ${band.longest.most} at most`,
          ),
        ]),
    ...shares.map(({ notes: length, share }, i) => {
      const people = band?.shares[i];
      const compared =
        people === undefined
          ? ""
          : color.dim(
              `  (people: ${percent(people.mean)} in the mean, ${percent(people.p95)} in 95 of 100, ${percent(people.most)} at most)`,
            );
      return `  ${percent(share)} of its passages of ${length} notes are there${compared}`;
    }),
  ];
}

function passage({ notes, from, to, piece, pieceFrom, pieceTo }: Match): string {
  return `longest passage in common: ${notes} notes, ${clock(from)} to ${clock(to)}, as in ${piece} at ${clock(pieceFrom)} to ${clock(pieceTo)}`;
}

const inWords = {
  original: "original: all in all it shares no more with the corpus than 95 of 100 pieces by people do",
  close: "close: all in all it shares more with the corpus than 95 of 100 pieces by people do",
  copied: "copied: it shares more than twice as much with the corpus as any piece by people does",
} as const;
