/** @file What `melody` keeps of music, and what it makes of tokens. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { randomStream } from "../../test/suites/random-streams.ts";
import { createPerformance, noteAt, notesOf, type Performance } from "../music/performance.ts";
import { createRandom } from "../util/random.ts";
import { melodyRepresentation } from "./melody.ts";

const melody = melodyRepresentation.open();

const music = (...notes: readonly (readonly [start: number, end: number, pitch: number])[]) =>
  createPerformance({
    notes: notes.map(([start, end, pitch]) => ({ start, end, pitch, velocity: 64 })),
  });
const pitches = (performance: Performance) => Array.from(notesOf(performance), ({ pitch }) => pitch);
const kept = (performance: Performance, voice = "top") =>
  pitches(melodyRepresentation.open({ voice }).normalise(performance));

/** Notes of which one begins before another has ended. */
const overlaps = ({ notes }: Performance) =>
  Array.from({ length: Math.max(0, notes.count - 1) }, (_, i) => i).filter(
    (i) => notes.end[i] > notes.start[i + 1] || notes.start[i] === notes.start[i + 1],
  );

test("a note is the step from the onset before, its pitch, and its duration", () => {
  const tokens = melody.encode(music([0.5, 0.75, 60], [1, 1.5, 62], [1.5, 3, 64]));
  expect([...tokens]).toEqual([50, 60, 25, 50, 62, 50, 50, 64, 150]);
  expect([...notesOf(melody.decode(tokens))]).toEqual([
    { start: 0.5, end: 0.75, pitch: 60, velocity: 80, instrument: 0 },
    { start: 1, end: 1.5, pitch: 62, velocity: 80, instrument: 0 },
    { start: 1.5, end: 3, pitch: 64, velocity: 80, instrument: 0 },
  ]);
});

test("a note that is held too long is cut where the next one begins", () => {
  const tokens = melody.encode(music([0, 0.52, 60], [0.5, 1, 62]));
  expect([...tokens]).toEqual([0, 60, 50, 50, 62, 50]);
  const long = Int32Array.of(0, 60, 400, 50, 62, 50);
  expect(noteAt(melody.decode(long), 0)).toMatchObject({ start: 0, end: 0.5 });
});

test("of chords, however they are spread, the top note is kept, or the bottom one", () => {
  const chords = music([0, 1, 60], [0.01, 1, 64], [0.02, 1, 67], [1, 2, 72], [1.01, 2, 65]);
  expect(kept(chords)).toEqual([67, 72]);
  expect(kept(chords, "bottom")).toEqual([60, 65]);
});

test("what begins under a longer note accompanies it, but a finger that is late does not hide the next note", () => {
  const accompanied = music([0, 1.5, 76], [0.25, 0.5, 55], [0.5, 0.75, 59], [1.49, 2, 74], [1.6, 1.9, 60]);
  expect(kept(accompanied)).toEqual([76, 74]);
  expect(kept(music([0, 0.55, 76], [0.5, 1, 74], [1, 1.5, 72]))).toEqual([76, 74, 72]);
});

test("drums have no line", () => {
  const { notes, pedals, instruments, duration } = music([0, 1, 60]);
  const kit = instruments.map((each) => ({ ...each, isDrum: true }));
  expect(melody.encode({ notes, pedals, instruments: kit, duration }).length).toBe(0);
});

test("a silence of more than five seconds is shortened to that, and what follows keeps its rhythm", () => {
  const { notes } = melody.decode(melody.encode(music([0, 1, 60], [61, 62, 62], [62, 80, 64])));
  expect([...Array.from(notes.start)]).toEqual([0, 5, 6]);
  expect(notes.end[2]).toBe(11);
});

test("one voice: no two notes sound at once, whatever the music and whatever the tokens", () => {
  fc.assert(
    fc.property(performances, (performance) => {
      expect(overlaps(melody.normalise(performance))).toEqual([]);
      expect(overlaps(melody.decode(melody.encode(performance)))).toEqual([]);
    }),
  );
  const random = createRandom("voices");
  for (let i = 0; i < 2000; i++) expect(overlaps(melody.decode(randomStream(melody, random)))).toEqual([]);
});

test("a melody that is one already comes back", () => {
  const notes = Array.from({ length: 200 }, (_, i) => ({
    start: (i * 12) / 100,
    end: (i * 12 + 5 + (i % 7)) / 100,
    pitch: 40 + ((i * 5) % 50),
    velocity: 80,
  }));
  const performance = createPerformance({ notes });
  expect(melody.normalise(performance).notes).toEqual(performance.notes);
  expect(melody.decode(melody.encode(performance)).notes).toEqual(performance.notes);
});
