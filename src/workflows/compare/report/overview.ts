/** @file The first part of the page: scores with their intervals, as a chart, as a table, and differences in words. */
import { intervalChart, paperInk } from "../../../plot/index.ts";
import type { Comparison, Difference, SystemReport } from "../comparison.ts";
import { counted, fixed, interval, percent, picture, swatch, table, whole } from "./figures.ts";
import { html, type Markup, nothing } from "./html.ts";
import { type Legend, landmarkLegends, legendsOf } from "./source.ts";

export function overview(comparison: Comparison): Markup {
  const { systems, landmarks, differences, confidence } = comparison;
  const rows = [...systems, ...landmarks];
  const legends = [...legendsOf(systems), ...landmarks.map(landmarkLegend)];
  // Differences are of each pair in this order, and know names alone, which may be the same.
  const pairs = systems.flatMap((_, i) =>
    systems.slice(i + 1).map((_, j) => ({ first: legends[i].name, second: legends[i + 1 + j].name })),
  );
  const chart = intervalChart({
    title: "Anchored scores",
    xLabel: `anchored score, intervals of ${percent(confidence)}`,
    extent: { from: 0, to: 100 },
    rows: rows.map(({ score }, i) => ({ ...score, name: legends[i].name, colour: legends[i].colour })),
  });
  return html`<section id="overview" aria-labelledby="overview-head">
<h2 id="overview-head">Scores</h2>
<div class="chart wide">${picture(chart)}</div>
${scoreTable(rows, legends)}
${
  differences.length === 0
    ? nothing
    : html`<h3>Differences between systems</h3>
<ul>${differences.map((each, i) => html`<li>${inWords({ ...each, ...pairs[i] }, confidence)}</li>`)}</ul>`
}
</section>`;
}

/** What fills a chart is too pale for a dot. */
function landmarkLegend({ name }: SystemReport): Legend {
  const { noise } = landmarkLegends;
  return { name, colour: name === noise.name ? noise.colour : paperInk.mutedText };
}

function scoreTable(rows: readonly SystemReport[], legends: readonly Legend[]): Markup {
  const hasClassifier = rows.some(({ classifier }) => classifier !== null);
  return table(
    "Anchored scores",
    [
      "",
      "score",
      "interval",
      ...(hasClassifier ? ["told from real music", "interval"] : []),
      "overlap",
      "excerpts",
      "files",
      "notes",
    ],
    rows.map(({ score, classifier, overlappingArea, excerpts, files, notes }, i) => [
      html`${swatch(legends[i])}${legends[i].name}`,
      fixed(score.value, 1),
      interval(score, 1),
      ...(hasClassifier ? classified(classifier) : []),
      fixed(overlappingArea, 3),
      whole(excerpts),
      whole(files),
      whole(notes),
    ]),
  );
}

function classified(classifier: SystemReport["classifier"]): readonly string[] {
  if (classifier === null) return ["", ""];
  const { value, low, high } = classifier;
  return [percent(value, 1), `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`];
}

/** Whichever is better comes first. */
function inWords({ first, second, points, isPaired }: Difference, confidence: number): Markup {
  const { value, low, high } = points;
  const isBetter = value >= 0;
  const [better, worse] = isBetter ? [first, second] : [second, first];
  const turned = isBetter ? points : { value: -value, low: -high, high: -low };
  const how = `${percent(confidence)} interval ${interval(turned, 1)}${isPaired ? ", excerpts drawn again in pairs" : ""}`;
  const by = `${fixed(turned.value, 1)} points`;
  if (low === 0 && high === 0)
    return html`<strong>${first}</strong> and <strong>${second}</strong> score the same.`;
  return low > 0 || high < 0
    ? html`<strong>${better}</strong> scores ${by} more than <strong>${worse}</strong> (${how}): more than chance explains.`
    : html`<strong>${better}</strong> scores ${by} more than <strong>${worse}</strong> (${how}): the interval holds 0, so these excerpts do not tell which is better.`;
}

/** The small print of the page: what was compared, with what, and how. */
export function facts(comparison: Comparison, rubato: string): Markup {
  const { corpus, notesPerExcerpt, confidence, seed, systems, machine } = comparison;
  const rows: readonly (readonly [string, string])[] = [
    ["Corpus", `${corpus.name}, ${counted(corpus.realExcerpts, "real excerpt")} in its validation split`],
    ["Systems", systems.map(({ path, name }) => path ?? name).join(", ")],
    ["Notes per excerpt", whole(notesPerExcerpt)],
    ["Intervals", percent(confidence)],
    ["Seed", String(seed)],
    ["Machine", machine],
    ["Rubato", rubato],
  ];
  return html`<dl class="facts">${rows.map(([term, what]) => html`<div><dt>${term}</dt><dd>${what}</dd></div>`)}</dl>`;
}
