/** @file Folding by sweeps is what the specification's event list does, one event after the other, on any performance. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { type Note, notesOf, type Performance, pedalsOf } from "./performance.ts";
import { foldSustain } from "./sustain.ts";

/** The event list of REPRESENTATIONS 1.3, taken literally. */
function foldLiterally(performance: Performance): Note[] {
  type Kind = 0 | 1 | 2 | 3;
  const [pedalOn, pedalOff, noteOn, noteOff] = [0, 1, 2, 3] as const;
  const notes = Array.from(notesOf(performance), (note) => ({ ...note, isDeleted: false }));
  const channelOf = (note: Note) => performance.instruments[note.instrument].channel;
  const events: { time: number; kind: Kind; channel: number; note?: (typeof notes)[number] }[] = [];
  for (const note of notes) {
    if (performance.instruments[note.instrument].isDrum) continue;
    events.push({ time: note.start, kind: noteOn, channel: channelOf(note), note });
    events.push({ time: note.end, kind: noteOff, channel: channelOf(note), note });
  }
  for (const { time, controller, value, channel } of pedalsOf(performance)) {
    if (controller === 64) events.push({ time, kind: value >= 64 ? pedalOn : pedalOff, channel });
  }
  events.sort((a, b) => a.time - b.time || a.kind - b.kind);

  const active = new Map<number, (typeof notes)[number][]>();
  const isDown = new Map<number, boolean>();
  for (const { time, kind, channel, note } of events) {
    const sounding = active.get(channel) ?? [];
    if (kind === pedalOn) isDown.set(channel, true);
    else if (kind === pedalOff) {
      isDown.set(channel, false);
      const ended = sounding.filter((each) => each.end < time);
      for (const each of ended) each.end = time;
      active.set(
        channel,
        sounding.filter((each) => !ended.includes(each)),
      );
    } else if (kind === noteOn && note) {
      const ended = isDown.get(channel) ? sounding.filter((each) => each.pitch === note.pitch) : [];
      for (const each of ended) {
        each.end = time;
        each.isDeleted = each.start === time;
      }
      active.set(channel, [...sounding.filter((each) => !ended.includes(each)), note]);
    } else if (!isDown.get(channel)) {
      active.set(
        channel,
        sounding.filter((each) => each !== note),
      );
    }
  }
  const last = events.at(-1)?.time ?? 0;
  for (const note of [...active.values()].flat()) note.end = last;
  return notes.filter((note) => !note.isDeleted).map(({ isDeleted, ...note }) => note);
}

test("agrees exactly with the event list of the specification", () => {
  fc.assert(
    fc.property(performances, (performance) => {
      expect([...notesOf(foldSustain(performance))]).toEqual(foldLiterally(performance));
    }),
    { numRuns: 2000 },
  );
});
