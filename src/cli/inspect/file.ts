/** @file A file of music on a page: facts, the piano roll, and charts. */
import { type Performance, programName } from "../../music/index.ts";

import { terminalRoll } from "../../plot/terminal.ts";
import type { FileFacts, FileInspection } from "../../workflows/inspect/index.ts";
import { wrap } from "../wrap.ts";
import { arrange } from "./charts.ts";
import { midiRows } from "./midi-rows.ts";
import { musicCharts } from "./music-charts.ts";
import { count, length, type Page, percent, row, section, shorten } from "./page.ts";

/** Lines that a long list is cut to. */
const mostLines = 8;

export function layOutFile(page: Page, { facts, performance }: FileInspection): string[] {
  const { path, title, music, warnings, picture } = facts;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return [
    page.color.bold(shorten(title || name, page.width)),
    ...(title === "" ? [] : [page.color.dim(shorten(name, page.width))]),
    "",
    ...musicRows(page, facts, performance),
    ...instrumentRows(page, facts),
    ...midiRows(page, facts),
    ...(music.notes === 0 ? [] : pictureOf(page, facts, performance)),
    ...(music.notes === 0 ? [] : arrange(page, musicCharts(page, music))),
    ...section(page, `Read with ${count(warnings.length, "warning")}`, cut(page, warnings)),
    ...(picture === null ? [] : ["", page.color.dim(`drew ${picture}`)]),
  ];
}

function cut({ width, color }: Page, lines: readonly string[]): string[] {
  const shown = lines.slice(0, mostLines).flatMap((line) => wrap(line, width, "  ").map(color.yellow));
  const more = lines.length - mostLines;
  return more > 0 ? [...shown, `  and ${more.toLocaleString("en")} more (--json has them all)`] : shown;
}

function musicRows(page: Page, { music }: FileFacts, performance: Performance): string[] {
  const { key, pitchRange, velocity, polyphony, interOnsetInterval, densityOverTime } = music;
  const busiest = Math.max(...densityOverTime.notesPerSecond);
  const velocities = Array.from(performance.notes.velocity);
  const softest = velocities.reduce((a, b) => Math.min(a, b), 127);
  const loudest = velocities.reduce((a, b) => Math.max(a, b), 0);
  const spread = `${velocity.mean.toFixed(0)} ± ${velocity.standardDeviation.toFixed(0)}`;
  return [
    ...row(page, "Length", [length(music.duration), count(music.notes, "note")]),
    ...(music.notes === 0
      ? []
      : [
          ...row(page, "Density", [
            `${music.notesPerSecond.toFixed(1)} notes a second`,
            `up to ${busiest.toFixed(1)} for ${length(densityOverTime.sliceSeconds)}`,
            ...(interOnsetInterval.simultaneous === 0
              ? []
              : [`${percent(interOnsetInterval.simultaneous / (music.notes - 1))} struck together`]),
          ]),
          ...row(page, "Velocity", [spread, `from ${softest} to ${loudest}`]),
          ...row(page, "Held at once", [
            `${polyphony.mean.toFixed(1)} notes on average`,
            `${polyphony.maximum} at most`,
          ]),
        ]),
    ...(pitchRange === null
      ? []
      : row(page, "Range", [`${pitchRange.lowest.name} to ${pitchRange.highest.name}`])),
    ...(key === null
      ? []
      : row(page, "Key", [
          `${key.name} by its notes (r = ${key.correlation.toFixed(2)})`,
          `next ${key.runnerUp.name} (${key.runnerUp.correlation.toFixed(2)})`,
        ])),
    ...(pitchRange === null && music.pedals.sustain.movements === 0 ? [] : pedalRows(page, music)),
  ];
}

function pedalRows(page: Page, { pedals, duration }: FileFacts["music"]): string[] {
  const { sustain, sostenuto, soft, sustainedOnsets } = pedals;
  const parts = [
    ...(sustain.movements === 0
      ? ["sustain never touched"]
      : [
          `sustain down ${percent(sustain.downShare)} of the time`,
          `pressed ${((sustain.presses * 60) / Math.max(1, duration)).toFixed(0)} times a minute`,
          `${percent(sustainedOnsets)} of notes under it`,
          sustain.continuous ? "half-pedalling recorded" : "up or down only",
        ]),
    ...(soft.presses === 0 ? [] : [`soft down ${percent(soft.downShare)}`]),
    ...(sostenuto.presses === 0 ? [] : [`sostenuto down ${percent(sostenuto.downShare)}`]),
  ];
  return row(page, "Pedal", parts);
}

function instrumentRows(page: Page, { music }: FileFacts): string[] {
  const all = music.instruments;
  const describe = ({ name, program, isDrum, channel, notes }: (typeof all)[number]) => {
    const sound = isDrum ? "drums" : programName(program);
    const port = channel >> 4 === 0 ? "" : ` of port ${(channel >> 4) + 1}`;
    return `${name === "" ? sound : `${name} (${sound})`} on channel ${(channel & 15) + 1}${port}, ${count(notes, "note")}`;
  };
  const shown = all.slice(0, mostLines).map(describe);
  const more = all.length > shown.length ? [`and ${all.length - shown.length} more`] : [];
  return [...shown, ...more].flatMap((line, i) => row(page, i === 0 ? "Played by" : "", [line]));
}

/** The piano roll, and column by column how loud the notes are and how many. */
function pictureOf(
  { width, isColorful, color }: Page,
  { shown }: FileFacts,
  performance: Performance,
): string[] {
  const roll = terminalRoll(performance, { ...shown, width, dynamics: true, color: isColorful });
  const column = (shown.to - shown.from) / (width - 5);
  const scale = column >= 1 ? `${column.toFixed(1)} s` : `${Math.max(1, Math.round(column * 1000))} ms`;
  const hint = column > 0.2 ? "; --from and --to look closer" : "";
  return ["", ...roll, color.dim(`     one column is ${scale}${hint}`)];
}
