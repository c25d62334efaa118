import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, notesOf, type Performance } from "../music/performance.ts";
import { createRandom } from "../util/random.ts";
import { openRepresentation, pitchTokens } from "./index.ts";

const pitches = openRepresentation("pitches");

/** [pitch, start, end]. */
type Line = readonly [pitch: number, start: number, end: number];

const play = (...notes: readonly Line[]) =>
  createPerformance({ notes: notes.map(([pitch, start, end]) => ({ pitch, start, end, velocity: 64 })) });

const lines = (performance: Performance): Line[] =>
  Array.from(
    notesOf(performance),
    ({ pitch, start, end }): Line => [pitch, Number(start.toFixed(6)), Number(end.toFixed(6))],
  );

const words = (performance: Performance, representation = pitches) =>
  Array.from(representation.encode(performance), (token) => representation.describe(token)).join(" ");

describe("the vocabulary", () => {
  test("is the same whatever the corpus: 128 pitches × 16 classes of time, and 15 rests", () => {
    expect(pitches.fields).toEqual([{ name: "note", size: 2063 }]);
    expect(
      [0, 1, 60 * 16 + 8, 61 * 16 + 15, 2047, 2048, 2062].map((token) => pitches.describe(token)),
    ).toEqual([
      "note:C-1:0",
      "note:C-1:0.08333",
      "note:C4:0.5",
      "note:C#4:4",
      "note:G9:4",
      "rest:0.08333",
      "rest:4",
    ]);
  });

  test("classes are note values at the tempo", () => {
    const at = (tempo: number) =>
      Array.from(
        { length: 16 },
        (_, time) =>
          openRepresentation("pitches", { tempo })
            .describe(60 * 16 + time)
            .split(":")[2],
      ).join(" ");
    expect(at(120)).toBe("0 0.08333 0.125 0.16667 0.1875 0.25 0.33333 0.375 0.5 0.66667 0.75 1 1.5 2 3 4");
    expect(at(60)).toBe("0 0.16667 0.25 0.33333 0.375 0.5 0.66667 0.75 1 1.33333 1.5 2 3 4 6 8");
  });
});

describe("encoding", () => {
  test("a note lasts until the next one, the last one as long as it does", () => {
    expect(words(play([60, 0, 0.2], [62, 0.5, 0.6], [64, 0.75, 1.75]))).toBe(
      "note:C4:0.5 note:D4:0.25 note:E4:1",
    );
  });

  test("a chord is its notes from the lowest up, each once, and only the highest has time", () => {
    expect(words(play([67, 0, 1], [60, 0.03, 1], [64, 0.04, 1], [60, 0, 1], [72, 1, 2]))).toBe(
      "note:C4:0 note:E4:0 note:G4:1 note:C5:1",
    );
  });

  test("what follows at more than half of the shortest class is no chord", () => {
    expect(words(play([67, 0, 1], [60, 0.042, 1]))).toBe("note:G4:0.08333 note:C4:1");
  });

  test.each([
    [4, "note:C4:4 note:D4:1"],
    [4.04, "note:C4:4 note:D4:1"],
    [4.05, "note:C4:4 rest:0.08333 note:D4:1"],
    [6, "note:C4:4 rest:2 note:D4:1"],
    [13, "note:C4:4 rest:4 rest:4 rest:1 note:D4:1"],
  ])("%f s until the next note", (seconds, expected) => {
    expect(words(play([60, 0, 1], [62, seconds, seconds + 1]))).toBe(expected);
  });

  test("silence before the first note is rests, silence after the last nothing", () => {
    const music = createPerformance({
      notes: [{ pitch: 60, start: 4.5, end: 5, velocity: 1 }],
      duration: 60,
    });
    expect(words(music)).toBe("rest:4 rest:0.5 note:C4:0.5");
  });

  test("the error of a class is made good by the next", () => {
    // Quarters at 100 a minute lie between classes: 0.5 and 0.6667 take turns.
    const beats = Array.from({ length: 9 }, (_, i): Line => [60, i * 0.6, i * 0.6 + 0.6]);
    const times = words(play(...beats)).match(/[\d.]+(?= |$)/g);
    expect(times?.join(" ")).toBe("0.66667 0.5 0.66667 0.5 0.66667 0.66667 0.5 0.66667 0.5");
    expect(words(play(...beats), openRepresentation("pitches", { tempo: 100 }))).toBe(
      beats.map(() => "note:C4:0.6").join(" "),
    );
  });

  test("10,000 notes with jitter: time does not drift", () => {
    const random = createRandom(1);
    let time = 0;
    const notes = Array.from({ length: 10_000 }, (_, i): Line => {
      time += 0.1 + 0.4 * random.next();
      return [40 + (i % 40), time, time + 0.1];
    });
    const decoded = lines(pitches.decode(pitches.encode(play(...notes))));
    expect(decoded.map(([pitch]) => pitch)).toEqual(notes.map(([pitch]) => pitch));
    decoded.forEach(([, start], i) => {
      // Half of the widest step between classes up to 0.67 s.
      expect(Math.abs(start - notes[i][1])).toBeLessThan(0.0834);
    });
  });

  test("normal music is legato, without pedals", () => {
    const music = createPerformance({
      notes: [
        { pitch: 60, start: 0, end: 0.2, velocity: 64 },
        { pitch: 64, start: 0.03, end: 3, velocity: 64 },
        { pitch: 62, start: 1, end: 1.5, velocity: 64 },
        { pitch: 65, start: 9, end: 9.5, velocity: 64 },
        { pitch: 66, start: 9, end: 9.25, velocity: 64 },
      ],
      pedals: [{ time: 1, controller: 64, value: 127 }],
    });
    const normal = pitches.normalise(music);
    expect(lines(normal)).toEqual([
      [60, 0, 1],
      [64, 0.03, 1],
      [62, 1, 5],
      [65, 9, 9.5],
      [66, 9, 9.5],
    ]);
    expect(normal.pedals.count).toBe(0);
  });
});

describe("decoding", () => {
  test("and back", () => {
    const tokens = [...pitchTokens([60, 64], 0), ...pitchTokens([67]), 2048 + 10, ...pitchTokens([72], 11)];
    const decoded = pitches.decode(tokens);
    expect(lines(decoded)).toEqual([
      [60, 0, 0.5],
      [64, 0, 0.5],
      [67, 0, 0.5],
      [72, 1.5, 2.5],
    ]);
    expect(Array.from(decoded.notes.velocity)).toEqual([80, 80, 80, 80]);
    expect(openRepresentation("pitches", { velocity: 33 }).decode(tokens).notes.velocity[0]).toBe(33);
  });

  test("a chord after which no time passes is none", () => {
    expect(lines(pitches.decode(pitchTokens([60, 64], 0)))).toEqual([]);
  });

  test("ids outside the vocabulary are left out", () => {
    expect(lines(pitches.decode([-1, 2063, ...pitchTokens([60]), 1e9]))).toEqual([[60, 0, 0.5]]);
  });

  test("no note is longer than the longest", () => {
    expect(lines(pitches.decode(pitchTokens([60, 62], 15), { maximumNoteSeconds: 1.5 }))).toEqual([
      [60, 0, 1.5],
      [62, 4, 5.5],
    ]);
    expect(lines(pitches.decode(pitchTokens([60]), { maximumNoteSeconds: 0 }))).toEqual([]);
  });
});

test("decoded music has the same tokens", () => {
  for (const tempo of [120, 97]) {
    const representation = openRepresentation("pitches", { tempo });
    fc.assert(
      fc.property(performances, (performance) => {
        const tokens = representation.encode(performance);
        expect(representation.encode(representation.decode(tokens))).toEqual(tokens);
      }),
      { numRuns: 500 },
    );
  }
});

describe("pitches as tokens", () => {
  test("quarters, or a class of time", () => {
    expect(Array.from(pitchTokens([60, 62]), (token) => pitches.describe(token))).toEqual([
      "note:C4:0.5",
      "note:D4:0.5",
    ]);
    expect(Array.from(pitchTokens([60], 5), (token) => pitches.describe(token))).toEqual(["note:C4:0.25"]);
  });

  test("what is no pitch or no class is a mistake of the caller", () => {
    for (const call of [() => pitchTokens([128]), () => pitchTokens([-1]), () => pitchTokens([60], 16)])
      expect(call).toThrow(/^invariant: /);
  });
});

describe("the grammar", () => {
  const allows = (before: readonly number[], token: number) => {
    const state = pitches.grammar("piece");
    for (const each of before) state.advance(each);
    return state.allowed()[token] === 1;
  };
  const [chord] = pitchTokens([60], 0);
  const [long] = pitchTokens([60], 15);
  const [short] = pitchTokens([60]);
  const [rest, longRest] = [2048, 2062];

  test("a chord rises, and ends with a note", () => {
    expect(pitchTokens([59, 60, 61, 127]).every((token, i) => allows([chord], token) === i > 1)).toBe(true);
    expect(allows([chord], rest)).toBe(false);
    expect(allows([], pitchTokens([127], 0)[0])).toBe(false);
  });

  test("rests come first, or after the longest time", () => {
    expect([[], [long], [longRest], [short, longRest]].map((before) => allows(before, rest))).toEqual(
      new Array(4).fill(true),
    );
    expect([[short], [rest]].map((before) => allows(before, rest))).toEqual([false, false]);
  });
});
