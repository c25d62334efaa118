/** @file `rubato compare`. */
import {
  type Comparison,
  compare,
  compareSchema,
  type Estimate,
  type SystemReport,
} from "../../workflows/compare/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { table } from "../table.ts";

export default defineCommand({
  name: "compare",
  summary: "measure how near music is to what people play, between noise and the real thing",
  positional: ["performances"],
  schema: compareSchema,
  examples: [
    {
      line: "rubato compare output/ --against corpora/maestro-v3.0.0",
      does: "a folder of generated pieces, metric by metric",
    },
    {
      line: "rubato compare lstm/ transformer/ --against corpora/mine",
      does: "two systems side by side, and whether they differ",
    },
    {
      line: "rubato compare output/ --against corpora/mine --notes 128 --metric duration --metric inter-onset",
      does: "shorter excerpts, and rhythm alone",
    },
    {
      line: "rubato compare lstm/ transformer/ --against corpora/mine --report report.html",
      does: "a page with plots, piano rolls and sound, all in one file",
    },
    { line: "rubato compare output/ --against corpora/mine --json", does: "all of it for other programs" },
  ],
  async run(options, { platform, color, remark }) {
    const comparison = await compare(platform, options);
    for (const each of comparison.remarks) remark(each);
    return { json: comparison, lines: layOut(comparison, color) };
  },
});

const whole = (count: number) => count.toLocaleString("en");
const share = (accuracy: number) => `${(100 * accuracy).toFixed(0)} %`;
const interval = ({ low, high }: Estimate, digits: number) =>
  `${low.toFixed(digits)} to ${high.toFixed(digits)}`;

function layOut(comparison: Comparison, color: Colors): string[] {
  const {
    corpus,
    notesPerExcerpt,
    systems,
    landmarks,
    differences,
    confidence,
    machine,
    secondsTaken,
    report,
  } = comparison;
  return [
    `${color.bold("anchored score")}  against ${corpus.name}: 0 as trigrams, 100 as real music; excerpts of ${whole(notesPerExcerpt)} notes, intervals of ${100 * confidence} %`,
    color.dim(
      "told apart: how often a classifier is right that knows other pieces, 50 % where it cannot tell; overlap: mean area after Yang and Lerch",
    ),
    "",
    ...table(
      ["", "score", "interval", "told apart", "interval", "overlap", "excerpts", "files", "notes"],
      [...systems, ...landmarks].map((each) => [
        each.name,
        each.score.value.toFixed(1),
        interval(each.score, 1),
        ...(each.classifier === null
          ? ["", ""]
          : [
              share(each.classifier.value),
              `${share(each.classifier.low)} to ${share(each.classifier.high)}`,
            ]),
        each.overlappingArea.toFixed(3),
        whole(each.excerpts),
        whole(each.files),
        whole(each.notes),
      ]),
    ),
    ...differences.map(
      ({ first, second, points, isPaired }) =>
        `${first} less ${second}: ${points.value.toFixed(1)} points (${interval(points, 1)}${isPaired ? ", in pairs" : ""})`,
    ),
    ...systems.flatMap((system) => ["", color.bold(system.name), ...layOutMetrics(system)]),
    "",
    ...(report === null ? [] : [`report in ${report}`]),
    color.dim(`${machine}; ${secondsTaken.toFixed(1)} s`),
  ];
}

function layOutMetrics({ metrics }: SystemReport): string[] {
  return table(
    ["metric", "distance", "interval", "real", "trigrams", "score", "weight %", "overlap", "nats"],
    [...metrics]
      .sort((a, b) => b.weight - a.weight)
      .map((each) => [
        each.name,
        each.distance.value.toFixed(4),
        interval(each.distance, 4),
        each.ceiling.toFixed(4),
        each.floor.toFixed(4),
        each.weight > 0 ? each.score.value.toFixed(0) : "",
        (100 * each.weight).toFixed(1),
        each.overlap.area.toFixed(3),
        each.overlap.divergence.toFixed(3),
      ]),
  );
}
