/** @file The style of a kit's page: light and dark, from the width of a phone on. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #faf8f4;
  --card: #ffffff;
  --ink: #1d1b18;
  --faint: #6a655d;
  --line: #ddd7cc;
  --accent: #7a3b2e;
  --on-accent: #ffffff;
  --warm: #f3e6df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171614;
    --card: #211f1c;
    --ink: #eeeae3;
    --faint: #a59f94;
    --line: #3b3833;
    --accent: #e2a08c;
    --on-accent: #2a1410;
    --warm: #35281f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 42rem; margin: 0 auto; padding: clamp(1.25rem, 6vw, 4rem) 1.25rem 3rem; }
h1 { font: 600 1.6rem/1.2 Georgia, "Times New Roman", serif; margin: 0 0 1rem; outline: none; }
ul { padding-left: 1.2rem; color: var(--faint); }
li { margin: 0.35rem 0; }
.question { font: italic 1.25rem/1.35 Georgia, "Times New Roman", serif; margin: 0.75rem 0; padding: 0; }
.notice { background: var(--warm); border-radius: 0.6rem; padding: 0.75rem 1rem; }
.hint { color: var(--faint); min-height: 1.5em; text-align: center; }
#exported { text-align: left; }
label { display: block; margin: 1.5rem 0 0.4rem; }
.row { display: flex; gap: 0.6rem; }
input {
  flex: 1; min-width: 0; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.6rem 0.8rem;
}
button {
  font: inherit; color: inherit; cursor: pointer; background: var(--card);
  border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.6rem 1.1rem;
}
button:hover:enabled { border-color: var(--accent); }
button:disabled { cursor: default; opacity: 0.45; }
:is(button, input):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.quiet { background: none; border-color: transparent; color: var(--faint); padding: 0.3rem 0.2rem; text-decoration: underline; }
.progress { display: flex; align-items: center; gap: 1rem; margin-bottom: 1.25rem; }
.progress h1 { margin: 0; white-space: nowrap; font-size: 1.25rem; }
progress { appearance: none; flex: 1; height: 0.4rem; border: 0; border-radius: 1rem; overflow: hidden; background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.players { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.player {
  display: grid; grid-template-columns: 2.6rem 1fr 2.6rem; align-items: center; justify-items: center; gap: 0.9rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.1rem;
}
.player.is-playing { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.letter { font: 600 1.6rem/1 Georgia, "Times New Roman", serif; color: var(--accent); }
.play { width: 4rem; height: 4rem; padding: 0; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.icon { width: 0; height: 0; margin-left: 0.25rem; border-style: solid; border-width: 0.7rem 0 0.7rem 1.15rem;
  border-color: transparent transparent transparent currentColor; }
.is-playing .icon { width: 1.1rem; height: 1.3rem; margin: 0; border-width: 0 0.35rem; border-color: transparent currentColor; }
.restart { width: 2.6rem; height: 2.6rem; padding: 0; border-radius: 50%; font-size: 1.2rem; line-height: 1; color: var(--faint); }
.track { grid-row: 2; grid-column: 1 / -1; width: 100%; height: 0.35rem; border-radius: 1rem; background: var(--line); overflow: hidden; }
.played { height: 100%; width: 0; background: var(--accent); }
fieldset { border: 0; margin: 1.75rem 0 0; padding: 0; min-width: 0; text-align: center; }
legend { width: 100%; }
.choices { display: grid; grid-template-columns: 1fr 1.4fr 1fr; gap: 0.75rem; margin-top: 0.5rem; }
.choice { padding: 0.9rem 0.5rem; font-weight: 600; }
.choice:enabled { border-color: var(--accent); }
.choice:hover:enabled { background: var(--warm); }
kbd { font: 0.75rem ui-monospace, Menlo, Consolas, monospace; color: var(--faint); border: 1px solid var(--line);
  border-radius: 0.3rem; padding: 0.05rem 0.35rem; margin-left: 0.2rem; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.5rem 1rem;
  margin-top: 2rem; color: var(--faint); font-size: 0.9rem; }
.links { display: flex; flex-wrap: wrap; gap: 0 1rem; margin-left: -0.2rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 34rem) {
  .players { gap: 0.6rem; }
  .player { grid-template-columns: 1fr 2.6rem; padding: 0.8rem; gap: 0.8rem; }
  .letter { justify-self: start; }
  .restart { grid-row: 1; grid-column: 2; }
  .play { grid-row: 2; grid-column: 1 / -1; }
  .track { grid-row: 3; }
  .choices { gap: 0.5rem; }
}
@media (hover: none) { .keys, .choice kbd { display: none; } }
`;
