/** @file How the page looks: one column, sober, light or dark as the reader has it; charts are on paper in both. */

export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #fafaf8; --text: #1c1f26; --muted: #5d6370; --line: #dcdee3; --card: #ffffff; --link: #0063a0;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #14161b; --text: #e5e7ec; --muted: #a0a6b3; --line: #30343e; --card: #1b1e25; --link: #7cc0f0; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1080px; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 3rem 0 0.6rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.6rem 0 0.4rem; overflow-wrap: anywhere; }
p { margin: 0.4rem 0 0.9rem; max-width: 46rem; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 1rem 0 0; }
ul { padding-left: 1.2rem; }
.lead { color: var(--muted); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 0.7rem 1.5rem; margin: 1.4rem 0; }
.facts dt { color: var(--muted); font-size: 0.8rem; }
.facts dd { margin: 0; font-size: 0.92rem; overflow-wrap: anywhere; }
.chart { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; padding: 6px; overflow-x: auto; }
.chart svg, .roll svg { display: block; width: 100%; height: auto; }
.chart.wide svg { min-width: 520px; max-width: 860px; margin: 0 auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; margin: 0.8rem 0; }
th, td { padding: 0.3rem 0.75rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th:first-child, .metric th:first-child { text-align: left; padding-left: 2px; }
th { font-weight: 600; }
tbody th { font-weight: 500; }
thead th { color: var(--muted); font-weight: 500; font-size: 0.8rem; border-bottom-color: var(--muted); }
.swatch {
  display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.5em; border-radius: 2px;
  box-shadow: 0 0 0 1px rgb(128 128 128 / 0.35);
}
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; padding: 0; font-size: 0.9rem; }
.metric { border: 1px solid var(--line); border-radius: 8px; background: var(--card); padding: 0.9rem 1.1rem; }
.metric header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; }
.metric h3 { margin: 0; }
.metric p { color: var(--muted); font-size: 0.92rem; margin: 0.15rem 0 0.7rem; }
.weight { color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.metric { display: flex; flex-direction: column; }
.metric .chart { margin-top: auto; }
.metric table { font-size: 0.8rem; margin: 0.6rem 0 0; width: 100%; }
.metric thead th { font-size: 0.74rem; }
.metric th, .metric td { padding: 0.25rem 0.4rem; }
.excerpt { margin: 0 0 1.4rem; }
figcaption { color: var(--muted); font-size: 0.9rem; margin-bottom: 0.35rem; overflow-wrap: anywhere; }
.roll { position: relative; min-width: 640px; cursor: pointer; border-radius: 6px; overflow: hidden; }
.playhead { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; background: #ffffff; pointer-events: none; }
audio { display: block; width: 100%; height: 40px; margin-top: 0.4rem; }
footer { color: var(--muted); font-size: 0.85rem; border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
@media (max-width: 820px) {
  .cards { grid-template-columns: minmax(0, 1fr); }
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
}
@media print {
  audio, nav { display: none; }
  .metric, .excerpt { break-inside: avoid; }
}
`;
