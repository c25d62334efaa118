/** @file The second part of the page: metric by metric, how the sets are distributed, and how far apart they are. */
import type { Anchor } from "../../../evaluation/index.ts";
import { metrics } from "../../../metrics/index.ts";
import { stepChart } from "../../../plot/index.ts";
import { digitsFor, fixed, interval, percent, picture, swatch, table } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { sharesOf } from "./shares.ts";
import { type Legend, landmarkLegends, legendsOf, type ReportedMetric, type ReportSource } from "./source.ts";

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
<p>By weight in the score. The grey ground is the corpus's train split, to which distances are measured; the thin line is what
trigrams make of it. <em>Real</em> and <em>trigrams</em> in the tables are the mean distances of as many excerpts of real music
and of trigrams: scores of 100 and of 0. A metric that cannot tell these two apart has no weight.</p>
<ul class="legend">${[landmarkLegends.real, ...legends, landmarkLegends.noise].map(
    (legend) => html`<li>${swatch(legend)}${legend.name}</li>`,
  )}</ul>
${order.map((k) => card(source, k, legends))}
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
<div class="beside">
<div class="chart">${picture(chartOf(anchor, gathered, legends))}</div>
${distanceTable(
  metric.name,
  metric.unit,
  comparison.systems.map((system) => system.metrics[k]),
  legends,
)}
</div>
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
      { ...landmarkLegends.noise, shares: trigrams, width: 0.9 },
      ...systems.map((shares, i) => ({ ...legends[i], shares })),
    ],
  });
}

function distanceTable(
  name: string,
  unit: string,
  rows: readonly ReportedMetric[],
  legends: readonly Legend[],
): Markup {
  const digits = digitsFor(Math.max(...rows.flatMap(({ distance, floor }) => [distance.high, floor])));
  const hasOverlap = rows.some(({ overlap }) => overlap !== undefined);
  return table(
    `${name}: distances and scores`,
    [
      "",
      `distance (${unit})`,
      "interval",
      "real",
      "trigrams",
      "score",
      "interval",
      ...(hasOverlap ? ["overlap", "divergence"] : []),
    ],
    rows.map(({ distance, ceiling, floor, score, weight, overlap }, i) => [
      html`${swatch(legends[i])}${legends[i].name}`,
      fixed(distance.value, digits),
      interval(distance, digits),
      fixed(ceiling, digits),
      fixed(floor, digits),
      weight > 0 ? fixed(score.value, 0) : "–",
      weight > 0 ? interval(score, 0) : "–",
      ...(hasOverlap
        ? [
            overlap === undefined ? "" : fixed(overlap.area, 3),
            overlap === undefined ? "" : fixed(overlap.divergence, 3),
          ]
        : []),
    ]),
  );
}
