import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { ConfigError } from "../util/errors.ts";
import { noteSequenceFromPerformance, performanceFromNoteSequence } from "./note-sequence.ts";
import { createPerformance, notesOf, type Performance, pedalsOf } from "./performance.ts";

/** Everything of a performance as plain values, without the instruments that play nothing. */
function plain(performance: Performance) {
  const { instruments, duration } = performance;
  const notes = [...notesOf(performance)].map(({ instrument, ...note }) => {
    return { ...note, instrument: instruments[instrument] };
  });
  const playing = instruments.filter((_, i) =>
    [...notesOf(performance)].some((note) => note.instrument === i),
  );
  return { notes, pedals: [...pedalsOf(performance)], instruments: playing, duration };
}

function messageOf(json: unknown): string {
  try {
    performanceFromNoteSequence(json);
    return "nothing was thrown";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : "";
  }
}

const note = { pitch: 60, velocity: 80, startTime: 0, endTime: 1 };

test("a performance comes back as it was, through JSON", () => {
  fc.assert(
    fc.property(performances, (performance) => {
      const json: unknown = JSON.parse(JSON.stringify(noteSequenceFromPerformance(performance)));
      expect(plain(performanceFromNoteSequence(json))).toEqual(plain(performance));
    }),
    { numRuns: 200 },
  );
});

test("what is written is protobuf's JSON", () => {
  const performance = createPerformance({
    notes: [
      { start: 0, end: 0.5, pitch: 60, velocity: 80 },
      { start: 0.5, end: 1, pitch: 36, velocity: 100, instrument: 1 },
    ],
    pedals: [{ time: 0.25, controller: 64, value: 127 }],
    instruments: [
      { name: "Piano", program: 0, isDrum: false, channel: 0 },
      { name: "Kit", program: 8, isDrum: true, channel: 9 },
    ],
  });
  expect(noteSequenceFromPerformance(performance)).toEqual({
    ticksPerQuarter: 480,
    tempos: [{ time: 0, qpm: 120 }],
    totalTime: 1,
    sourceInfo: { sourceType: "PERFORMANCE_BASED" },
    instrumentInfos: [
      { instrument: 0, name: "Piano" },
      { instrument: 9, name: "Kit" },
    ],
    partInfos: [
      { part: 0, name: "Piano" },
      { part: 1, name: "Kit" },
    ],
    notes: [
      { pitch: 60, velocity: 80, startTime: 0, endTime: 0.5 },
      {
        pitch: 36,
        velocity: 100,
        startTime: 0.5,
        endTime: 1,
        instrument: 9,
        program: 8,
        isDrum: true,
        part: 1,
      },
    ],
    controlChanges: [{ time: 0.25, controlNumber: 64, controlValue: 127 }],
  });
});

describe("files of others", () => {
  test("missing members have protobuf's defaults, and a note without velocity is heard", () => {
    const { notes, instruments, pedals, duration } = performanceFromNoteSequence({ notes: [{ endTime: 1 }] });
    expect([notes.pitch[0], notes.start[0], notes.end[0], notes.velocity[0]]).toEqual([0, 0, 1, 100]);
    expect(instruments).toEqual([{ name: "", program: 0, isDrum: false, channel: 0 }]);
    expect([pedals.count, duration]).toEqual([0, 1]);
  });

  test("snake_case, numbers as text, and null", () => {
    const json = {
      notes: [
        { pitch: "64", velocity: 70, start_time: 1, end_time: 2, is_drum: null, program: 40, instrument: 2 },
      ],
      control_changes: [{ time: 0.5, control_number: 64, control_value: 100, instrument: 2 }],
      instrument_infos: [{ instrument: 2, name: "Violin" }],
      total_time: 3,
      text_annotations: null,
    };
    const performance = performanceFromNoteSequence(json);
    expect(plain(performance)).toEqual({
      notes: [{ start: 1, end: 2, pitch: 64, velocity: 70, instrument: performance.instruments[0] }],
      pedals: [{ time: 0.5, controller: 64, value: 100, channel: 2 }],
      instruments: [{ name: "Violin", program: 40, isDrum: false, channel: 2 }],
      duration: 3,
    });
  });

  test("program and drums make instruments of their own; other controllers are left out", () => {
    const { instruments, pedals } = performanceFromNoteSequence({
      notes: [
        { ...note, instrument: 1, isDrum: true },
        { ...note, instrument: 1 },
        { ...note, instrument: 0, program: 5 },
      ],
      controlChanges: [{ time: 0, controlNumber: 7, controlValue: 100 }],
    });
    expect(instruments.map(({ channel, program, isDrum }) => [channel, program, isDrum])).toEqual([
      [0, 5, false],
      [1, 0, true],
      [1, 0, false],
    ]);
    expect(pedals.count).toBe(0);
  });

  test("steps per second are times", () => {
    const performance = performanceFromNoteSequence({
      quantizationInfo: { stepsPerSecond: 100 },
      totalQuantizedSteps: "250",
      notes: [
        {
          pitch: 60,
          velocity: 80,
          quantizedStartStep: "0",
          quantizedEndStep: "50",
          startTime: 0.004,
          endTime: 0.497,
        },
        { pitch: 62, velocity: 80, quantizedStartStep: 50, quantizedEndStep: 200 },
      ],
      controlChanges: [{ quantizedStep: 25, controlNumber: 64, controlValue: 127 }],
    });
    expect([...notesOf(performance)].map(({ start, end }) => [start, end])).toEqual([
      [0, 0.5],
      [0.5, 2],
    ]);
    expect([...pedalsOf(performance)].map(({ time }) => time)).toEqual([0.25]);
    expect(performance.duration).toBe(2.5);
  });
});

describe("what does not fit is refused in one sentence with its path", () => {
  test.each([
    [
      { notes: [note, { ...note, pitch: 128 }] },
      "NoteSequence, notes[1].pitch: found 128, expected a whole number from 0 to 127",
    ],
    [
      { notes: [{ ...note, velocity: "loud" }] },
      'NoteSequence, notes[0].velocity: found "loud", expected a whole number from 0 to 127',
    ],
    [
      { notes: [{ ...note, startTime: -1 }] },
      "NoteSequence, notes[0].startTime: found -1, expected seconds, not negative",
    ],
    [
      { notes: [{ ...note, startTime: "NaN" }] },
      'NoteSequence, notes[0].startTime: found "NaN", expected seconds, not negative',
    ],
    [
      { notes: [{ ...note, startTime: 2 }] },
      "NoteSequence, notes[0]: found a note from 2 s to 1 s, expected it to end after it starts",
    ],
    [{ notes: { 0: note } }, "NoteSequence, notes: found an object, expected a list of notes"],
    [{ notes: [3] }, "NoteSequence, notes[0]: found 3, expected a note"],
    [{ notes: [], totalTime: true }, "NoteSequence, totalTime: found true, expected seconds, not negative"],
    [
      { notes: [], controlChanges: [{ controlValue: 200 }] },
      "NoteSequence, controlChanges[0].controlValue: found 200, expected a whole number from 0 to 127",
    ],
    [
      [{ notes: [note] }],
      "NoteSequence: found a list of 1, expected one NoteSequence: take one out of the list",
    ],
    [
      "music",
      'NoteSequence: found "music", expected an object with `notes`: check that it is the right file',
    ],
    [null, "NoteSequence: found null, expected an object with `notes`: check that it is the right file"],
    [
      {},
      "NoteSequence: found an empty object, expected an object with `notes`: check that it is the right file",
    ],
    [
      { name: "rubato", version: "1" },
      "NoteSequence: found an object with name, version, expected an object with `notes`: check that it is the right file",
    ],
  ])("%j", (json, message) => {
    expect(messageOf(json)).toBe(message);
  });

  test.each([
    [{ quantizationInfo: { stepsPerQuarter: 4 }, notes: [{ quantizedEndStep: 4 }] }],
    [{ notes: [{ pitch: 60, quantizedStartStep: 0, quantizedEndStep: 4 }] }],
  ])("music in parts of a beat: %j", (json) => {
    expect(messageOf(json)).toMatch(
      /^NoteSequence, quantizationInfo: found music quantised to parts of a beat/,
    );
  });
});
