/** @file The page: its head, its parts in order, and nothing that comes from elsewhere. */

import type { Comparison } from "../comparison.ts";
import { html, type Markup, nothing, trusted } from "./html.ts";
import { facts } from "./overview.ts";
import { playerScript } from "./player.ts";
import { legendsOf } from "./source.ts";
import { pageStyle } from "./style.ts";

/** Browsers hold the page to it: no part of it may be fetched. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src data:";

export function page(comparison: Comparison, rubato: string, sections: readonly Markup[]): string {
  const names = legendsOf(comparison.systems).map(({ name }) => name);
  const title = `${names.join(", ")} against ${comparison.corpus.name}`;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="Rubato ${rubato}">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="lead">How near music is to what people play. A score of 0 is as far away as trigrams, 100 as near as real music is in the
mean; real music itself comes out below that, as no metric gives it more. Two systems differ where the interval of their difference
leaves 0 out.</p>
${facts(comparison, rubato)}
<nav aria-label="Contents"><a href="#overview">Scores</a><a href="#metrics">Metric by metric</a><a href="#listen">Listen
and look</a></nav>
</header>
${sections}
${remarks(comparison.remarks)}
<footer>Made by Rubato ${rubato} with <code>rubato compare --report</code>. This page needs no network.</footer>
</main>
<script>${trusted(playerScript)}</script>
</body>
</html>
`;
  return markup;
}

function remarks(sentences: readonly string[]): Markup {
  if (sentences.length === 0) return nothing;
  return html`<section aria-labelledby="remarks-head"><h2 id="remarks-head">Remarks</h2>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></section>`;
}
