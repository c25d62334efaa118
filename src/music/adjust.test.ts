import { describe, expect, test } from "vitest";
import { changeTempo, scaleVelocities, transpose } from "./adjust.ts";
import { createPerformance, notesOf, pedalsOf } from "./performance.ts";

const music = createPerformance({
  notes: [
    { start: 0, end: 1, pitch: 60, velocity: 64 },
    { start: 1, end: 3, pitch: 2, velocity: 1 },
    { start: 1, end: 2, pitch: 126, velocity: 120 },
    { start: 1, end: 1.5, pitch: 36, velocity: 100, instrument: 1 },
  ],
  pedals: [{ time: 2, controller: 64, value: 127 }],
  instruments: [
    { name: "Piano", program: 0, isDrum: false, channel: 0 },
    { name: "Drums", program: 0, isDrum: true, channel: 9 },
  ],
  duration: 4,
});

describe("changeTempo", () => {
  test("scales notes, pedals and duration alike", () => {
    const faster = changeTempo(music, 2);
    expect([...notesOf(faster)].map(({ start, end }) => [start, end])).toEqual([
      [0, 0.5],
      [0.5, 1.5],
      [0.5, 0.75],
      [0.5, 1],
    ]);
    expect([...pedalsOf(faster)].map(({ time }) => time)).toEqual([1]);
    expect(faster.duration).toBe(2);
    expect(music.duration).toBe(4);
  });

  test("slower is longer, and the same tempo is the same music", () => {
    expect(changeTempo(music, 0.1).duration).toBeCloseTo(40, 9);
    expect(changeTempo(music, 1)).toBe(music);
  });

  test("refuses what would stop the music or turn it round", () => {
    for (const factor of [0, -1, 0.09, 4.1, Number.NaN])
      expect(() => changeTempo(music, factor)).toThrow("invariant");
  });
});

describe("transpose", () => {
  const pitches = (semitones: number) =>
    [...notesOf(transpose(music, semitones).performance)].map(({ pitch }) => pitch);

  test("moves all but drums, and says how many came back by octaves", () => {
    expect(pitches(1)).toEqual([61, 3, 36, 127]);
    expect(transpose(music, 1).moved).toBe(0);
    // 126 + 3 = 129 → 117, an octave down.
    expect(pitches(3)).toEqual([63, 5, 36, 117]);
    expect(transpose(music, 3).moved).toBe(1);
    // 2 - 5 = -3 → 9.
    expect(pitches(-5)).toEqual([55, 9, 36, 121]);
    expect(transpose(music, -5).moved).toBe(1);
  });

  test("keeps pitch classes and the order of notes, however far it goes", () => {
    for (const semitones of [-130, -60, 60, 130]) {
      const { performance } = transpose(music, semitones);
      const classes = [...notesOf(performance)].filter(({ instrument }) => instrument === 0);
      for (const { pitch } of classes) expect(pitch >= 0 && pitch <= 127).toBe(true);
      const expected = [60, 2, 126].map((pitch) => (((pitch + semitones) % 12) + 12) % 12);
      expect(classes.map(({ pitch }) => pitch % 12).sort()).toEqual(expected.sort());
      const { start, pitch } = performance.notes;
      expect(start[1] === start[2] && pitch[1] <= pitch[2] && pitch[2] <= pitch[3]).toBe(true);
    }
  });
});

describe("scaleVelocities", () => {
  const velocities = (factor: number) =>
    [...notesOf(scaleVelocities(music, factor))].map(({ velocity }) => velocity);

  test("rounds, and stays within 1 to 127", () => {
    expect(velocities(1.5)).toEqual([96, 2, 127, 127]);
    expect(velocities(0.5)).toEqual([32, 1, 50, 60]);
    expect(velocities(0)).toEqual([1, 1, 1, 1]);
  });
});
