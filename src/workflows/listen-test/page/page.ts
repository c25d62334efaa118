/** @file The page of a kit: one file with its style and its script, which works from a folder as well as from any host. */
import { escapeMarkup } from "../../../util/markup.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** All that the page knows: nothing of systems. */
export interface PageKit {
  readonly kit: string;
  readonly question: string;
  /** Of an excerpt, at most. */
  readonly seconds: number;
  /** Seconds of each excerpt that must have been heard before an answer. */
  readonly leastHeard: number;
  readonly trials: readonly {
    readonly id: string;
    readonly a: string;
    readonly b: string;
    readonly coin: number;
  }[];
}

/** As JSON that no text in it can end: within a script only "<" can. */
const embedded = (value: unknown) => JSON.stringify(value).replaceAll("<", "\\u003c");

const count = (number: number, name: string) =>
  `${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`;

export function pageOf(kit: PageKit): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Listening test</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<main>
<noscript><p class="notice">This page needs JavaScript: please allow it, and load the page again.</p></noscript>
<p id="notice" class="notice" role="alert" hidden></p>

<section id="start" hidden aria-labelledby="start-title">
<h1 id="start-title" tabindex="-1">Listening test</h1>
<p>You will hear ${count(kit.trials.length, "pair")} of excerpts of piano music, up to ${count(kit.seconds, "second")} each.
Of each pair we ask:</p>
<p class="question">${escapeMarkup(kit.question)}</p>
<ul>
<li>There are no right answers. If you find no difference, say so.</li>
<li>Each of the two has to be heard for ${count(kit.leastHeard, "second")} at least; you may listen as often as you like.</li>
<li>Headphones are best. Set the volume with the first pair, and leave it.</li>
<li>Answers are kept in this browser: you may stop and go on later. They go nowhere unless you export them and send
the file to whoever asked you.</li>
</ul>
<form id="begin-form">
<label for="name">Your name, or nothing to stay anonymous</label>
<div class="row"><input id="name" name="name" maxlength="80" autocomplete="off"><button class="primary" id="begin">Begin</button></div>
</form>
</section>

<section id="trial" hidden aria-labelledby="trial-title">
<div class="progress">
<h1 id="trial-title" tabindex="-1"></h1>
<progress id="progress" aria-label="Pairs answered" max="${kit.trials.length}" value="0"></progress>
</div>
<div class="players">
${player("a", "A")}
${player("b", "B")}
</div>
<fieldset id="answers" aria-describedby="hint">
<legend class="question">${escapeMarkup(kit.question)}</legend>
<div class="choices">
<button type="button" id="answer-a" class="choice" disabled>A <kbd aria-hidden="true">a</kbd></button>
<button type="button" id="answer-none" class="choice" disabled>no difference <kbd aria-hidden="true">t</kbd></button>
<button type="button" id="answer-b" class="choice" disabled>B <kbd aria-hidden="true">b</kbd></button>
</div>
</fieldset>
<p id="hint" class="hint"></p>
<p class="foot">
<span id="answered" class="links"><button type="button" id="back" class="quiet">Back to the pair before</button>
<button type="button" id="export-early" class="quiet">Export what is answered</button></span>
<span class="keys">Keys: <kbd>1</kbd> and <kbd>2</kbd> play A and B, <kbd>space</kbd> pauses, <kbd>a</kbd> <kbd>b</kbd> <kbd>t</kbd> answer.</span>
</p>
</section>

<section id="end" hidden aria-labelledby="end-title">
<h1 id="end-title" tabindex="-1">Thank you</h1>
<p>That was all. Please export your answers, and send the file to whoever asked you to listen.</p>
<p><button type="button" id="export" class="primary">Export answers</button></p>
<p id="exported" class="hint" hidden>The file is among your downloads. Is somebody else going to listen in this browser?
<button type="button" id="another" class="quiet">Begin anew</button></p>
</section>

<p id="status" class="unseen" role="status" aria-live="polite"></p>
</main>
<script type="application/json" id="kit">${embedded(kit)}</script>
<script>
${script}</script>
</body>
</html>
`;
}

function player(side: "a" | "b", label: string): string {
  return `<div class="player" id="player-${side}" role="group" aria-label="Excerpt ${label}">
<span class="letter" aria-hidden="true">${label}</span>
<button type="button" class="play" id="play-${side}" aria-label="Play ${label}"><span class="icon" aria-hidden="true"></span></button>
<div class="track" aria-hidden="true"><div class="played" id="played-${side}"></div></div>
<button type="button" class="restart" id="restart-${side}" aria-label="${label} from the beginning"><span aria-hidden="true">↺</span></button>
<audio id="audio-${side}" preload="auto"></audio>
</div>`;
}
