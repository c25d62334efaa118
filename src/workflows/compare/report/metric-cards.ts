/** @file The second part of the page: metric by metric, how the sets are distributed, and how far apart they are. */
import type { Anchor } from "../../../evaluation/index.ts";
import { metrics } from "../../../metrics/index.ts";
import { stepChart } from "../../../plot/index.ts";
import type { MetricReport, SystemReport } from "../comparison.ts";
import { digitsFor, fixed, interval, percent, picture, swatch, table, whole } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { sharesOf } from "./shares.ts";
import { type Legend, landmarkLegends, legendsOf, type ReportSource } from "./source.ts";

const summaries: ReadonlyMap<string, string> = new Map(
  Object.entries(metrics).map(([name, { summary }]) => [name, summary]),
);

export function metricCards(source: ReportSource): Markup {
  const { anchors, comparison } = source;
  const legends = legendsOf(comparison.systems);
  // Floors and ceilings, and so weights, depend on how many excerpts a system has, but hardly.
  const weightOf = (k: number) => comparison.systems[0].metrics[k].weight;
  const order = anchors.map((_, k) => k).sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  return html`<section id="metrics" aria-labelledby="metrics-head">
<h2 id="metrics-head">Metric by metric</h2>
<p>By weight in the score. Charts show shares of all notes, seconds or excerpts. The grey ground is the corpus's train
split, to which distances are measured; the thin line is what trigrams make of it. Real music and trigrams stand in the tables with
the mean distances of ${excerptsOf(comparison.systems)} excerpts of theirs: scores of 100 and of 0. A metric that cannot tell these two apart has no weight.</p>
<ul class="legend">${[landmarkLegends.real, ...legends, landmarkLegends.noise].map(
    (legend) => html`<li>${swatch(legend)}${legend.name}</li>`,
  )}</ul>
<div class="cards">${order.map((k) => card(source, k, legends))}</div>
</section>`;
}

function card({ anchors, comparison, music }: ReportSource, k: number, legends: readonly Legend[]): Markup {
  const anchor = anchors[k];
  const { metric } = anchor;
  const { weight } = comparison.systems[0].metrics[k];
  const gathered = music.map(({ described }) => metric.gather(described[k]));
  return html`<article class="metric" aria-labelledby="metric-${metric.name}">
<header><h3 id="metric-${metric.name}">${metric.name}</h3><span class="weight">${
    weight > 0 ? `weight ${percent(weight, 1)}` : "no weight"
  }</span></header>
<p>${summaries.get(metric.name) ?? ""}.</p>
<div class="chart">${picture(chartOf(anchor, gathered, legends))}</div>
${distanceTable(
  metric.name,
  metric.unit,
  comparison.systems.map((system) => system.metrics[k]),
  legends,
)}
</article>`;
}

function chartOf(
  { metric, reference, noise }: Anchor,
  gathered: readonly Float64Array[],
  legends: readonly Legend[],
) {
  const { sets, bins, ticks, label } = sharesOf(metric, [reference, metric.gather(noise), ...gathered]);
  const [real, trigrams, ...systems] = sets;
  return stepChart({
    title: `${metric.name}: shares`,
    xLabel: label,
    ticks,
    bins,
    ground: { ...landmarkLegends.real, shares: real },
    lines: [
      { ...landmarkLegends.noise, shares: trigrams, width: 1.1, mayLeave: true },
      ...systems.map((shares, i) => ({ ...legends[i], shares })),
    ],
  });
}

/** How many excerpts floors and ceilings are of, which stand in each table once: those of the first system. */
function excerptsOf(systems: readonly SystemReport[]): string {
  const [{ excerpts }] = systems;
  const isCommon = systems.every((each) => each.excerpts === excerpts);
  return isCommon ? "as many" : `${whole(excerpts)}`;
}

function distanceTable(
  name: string,
  unit: string,
  rows: readonly MetricReport[],
  legends: readonly Legend[],
): Markup {
  const [{ ceiling, floor, weight }] = rows;
  const digits = digitsFor(Math.max(...rows.flatMap(({ distance }) => [distance.high, floor])));
  const bound = (legend: Legend, distance: number, score: string) => [
    html`${swatch(legend)}${legend.name}`,
    fixed(distance, digits),
    "",
    weight > 0 ? score : "",
    "",
    "",
    "",
  ];
  return table(
    `${name}: distances and scores`,
    ["", `distance, ${unit}`, "interval", "score", "interval", "overlap", "divergence, nats"],
    [
      ...rows.map((row, i) => [
        html`${swatch(legends[i])}${legends[i].name}`,
        fixed(row.distance.value, digits),
        interval(row.distance, digits),
        row.weight > 0 ? fixed(row.score.value, 0) : "",
        row.weight > 0 ? interval(row.score, 0) : "",
        fixed(row.overlap.area, 3),
        fixed(row.overlap.divergence, 3),
      ]),
      bound(landmarkLegends.real, ceiling, "100"),
      bound(landmarkLegends.noise, floor, "0"),
    ],
  );
}
