/** @file The third part of the page: excerpts to look at and to listen to, system by system. */
import type { Performance } from "../../../music/index.ts";
import type { Platform } from "../../../platform/platform.ts";
import { pianoRoll, pianoRollSides } from "../../../plot/index.ts";
import { base64 } from "../../../util/base64.ts";
import {
  beginningOf,
  type Excerpt,
  longestSeconds,
  mostExcerpts,
  realExcerpts,
  soundOf,
} from "./excerpts.ts";
import { picture, swatch } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { type Legend, landmarkLegends, legendsOf, type ReportSource } from "./source.ts";

const rollWidth = 960;

interface Group {
  readonly legend: Legend;
  readonly excerpts: readonly Excerpt[];
}

export async function listen(platform: Platform, source: ReportSource): Promise<Markup> {
  const { comparison, corpus, music } = source;
  const groups: readonly Group[] = [
    ...legendsOf(comparison.systems).map((legend, i) => ({
      legend,
      excerpts: music[i].excerpts.slice(0, mostExcerpts).map((performance, k) => ({
        title: `Excerpt ${k + 1} of ${music[i].excerpts.length}`,
        performance,
      })),
    })),
    { legend: landmarkLegends.real, excerpts: await realExcerpts(corpus, comparison.notesPerExcerpt) },
  ];
  const total = groups.reduce((sum, { excerpts }) => sum + excerpts.length, 0);
  let done = 0;
  const parts: Markup[] = [];
  for (const { legend, excerpts } of groups) {
    const figures: Markup[] = [];
    for (const excerpt of excerpts) {
      figures.push(await figureOf(platform, excerpt, legend.name));
      platform.report({ stage: "playing for the report", done: ++done, total, unit: "excerpts" });
    }
    parts.push(html`<h3>${swatch(legend)}${legend.name}</h3>\n${figures}`);
  }
  return html`<section id="listen" aria-labelledby="listen-head">
<h2 id="listen-head">Listen and look</h2>
<p>The first excerpts of each, up to ${longestSeconds} seconds of them, on the same sampled piano. Real music is of the
corpus's validation split. Colours are velocities; a click into a roll plays from there.</p>
${parts}
</section>`;
}

async function figureOf(platform: Platform, { title, performance }: Excerpt, name: string): Promise<Markup> {
  const shown = beginningOf(performance);
  const sound = await soundOf(platform, shown);
  const label = `${name}: ${title}`;
  const part =
    shown === performance ? "" : `, the first ${longestSeconds} s of ${performance.duration.toFixed(1)} s`;
  return html`<figure class="excerpt">
<figcaption>${title}${part}</figcaption>
${rollOf(shown, label)}
${
  "mp3" in sound
    ? html`<audio controls preload="metadata" aria-label="${label}" src="data:audio/mpeg;base64,${base64(sound.mp3)}"></audio>`
    : html`<p>Not played: ${sound.silent}.</p>`
}
</figure>`;
}

/** The script lays a line over the roll, and has to know where its time begins and ends: as shares of its width. */
function rollOf(performance: Performance, label: string): Markup {
  const scene = {
    ...pianoRoll(performance, { width: rollWidth, compact: true }),
    title: `Piano roll of ${label}`,
  };
  const begin = pianoRollSides.left / scene.width;
  const end = 1 - pianoRollSides.right / scene.width;
  const seconds = Math.max(1, performance.duration);
  return html`<div class="scroll"><div class="roll" data-begin="${begin}" data-end="${end}" data-seconds="${seconds}">
${picture(scene)}<div class="playhead" hidden></div></div></div>`;
}
