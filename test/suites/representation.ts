/** @file The laws of a representation: what each of them promises, whatever its tokens mean. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPerformance,
  notesOf,
  type Performance,
  pedalsOf,
  piano,
} from "../../src/music/performance.ts";
import {
  type GrammarStart,
  type GrammarState,
  openRepresentation,
  type Representation,
} from "../../src/representations/index.ts";
import { createRandom } from "../../src/util/random.ts";
import { performances } from "../arbitraries.ts";
import { allowedTokens, faultOf, randomStream, sampleUnderMask } from "./random-streams.ts";
import type { Names, Reading } from "./validity.ts";

/** A page on which thousands of notes begin, end and begin again together. */
const densePage = createPerformance({
  notes: Array.from({ length: 6000 }, (_, i) => ({
    start: Math.floor(i / 200) / 50,
    end: Math.floor(i / 200) / 50 + (i % 5) / 100,
    pitch: (i * 7) % 128,
    velocity: 1 + (i % 127),
  })),
  pedals: Array.from({ length: 60 }, (_, i) => ({ time: i / 100, controller: 64, value: (i * 50) % 128 })),
});

const oneNote = { start: 0.5, end: 1, pitch: 60, velocity: 64 };

const special: readonly (readonly [string, Performance])[] = [
  ["silence", createPerformance({ notes: [] })],
  ["a minute of silence", createPerformance({ notes: [], duration: 60 })],
  ["a pedal alone", createPerformance({ notes: [], pedals: [{ time: 3, controller: 64, value: 127 }] })],
  ["one note", createPerformance({ notes: [oneNote] })],
  ["one note after an hour", createPerformance({ notes: [{ ...oneNote, start: 3600, end: 3601 }] })],
  ["one note that lasts an hour", createPerformance({ notes: [{ ...oneNote, end: 3600 }] })],
  ["a dense page", densePage],
  ["drums", createPerformance({ notes: [oneNote], instruments: [{ ...piano, isDrum: true }], duration: 3 })],
];

const severalPrograms = createPerformance({
  notes: [oneNote, { ...oneNote, instrument: 1 }, { ...oneNote, start: 0.75, instrument: 1 }],
  instruments: [piano, { ...piano, name: "Flute", program: 73, channel: 1 }],
});

/**
 * @param read judges a stream by the specification, from its names.
 */
export function representationLaws(
  label: string,
  open: () => Representation,
  read: (names: Names, start: GrammarStart) => Reading,
): void {
  describe(label, () => {
    const representation = open();
    const { fields } = representation;

    test("every token has a readable name, distinct within its field", () => {
      expect(representation.vocabularySize).toBe(fields.reduce((sum, field) => sum + field.size, 0));
      expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
      fields.forEach((field, index) => {
        const names = Array.from({ length: field.size }, (_, token) => representation.describe(token, index));
        for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*(:[A-G]#?-?\d)?(:\d+(\.\d+)?)?$/);
        expect(new Set(names).size).toBe(field.size);
        for (const token of [-1, field.size])
          expect(names).not.toContain(representation.describe(token, index));
      });
    });

    const holdsFor = (performance: Performance) => {
      const tokens = representation.encode(performance);
      expect(tokens.length % fields.length).toBe(0);
      expect(tokens.every((token, i) => token >= 0 && token < fields[i % fields.length].size)).toBe(true);
      expect(refusal(representation, tokens, "piece")).toBeUndefined();
      expect(read(namesOf(representation, tokens), "piece").fault).toBeUndefined();

      const decoded = representation.decode(tokens);
      expect(faultOf(decoded)).toBeUndefined();
      expect(decoded.notes.count).toBe(read(namesOf(representation, tokens), "piece").notes);
      const again = representation.decode(representation.encode(decoded));
      expect(printed(again)).toEqual(printed(decoded));
    };

    test.each(special)(
      "%s: its tokens are in the vocabulary and the grammar; a second round changes nothing",
      (_, music) => holdsFor(music),
    );

    test("any music: its tokens are in the vocabulary and the grammar; a second round changes nothing", () => {
      fc.assert(fc.property(performances, holdsFor));
    });

    test("several programs are refused in one sentence, or merged", () => {
      try {
        holdsFor(severalPrograms);
      } catch (error) {
        expect(error).toMatchObject({
          name: "RepresentationError",
          message: expect.stringMatching(/^found 2 programs \(0, 73\), expected one: /),
        });
      }
    });

    test("more than a day is refused in one sentence", () => {
      const day = createPerformance({ notes: [{ ...oneNote, start: 90_000, end: 90_001 }] });
      expect(() => representation.encode(day)).toThrow(/^found music of 25\.0 hours, expected at most 24/);
    });

    test("normalised music has the same tokens, and is normal", () => {
      fc.assert(
        fc.property(performances, (performance) => {
          const normal = representation.normalise(performance);
          expect(representation.encode(normal)).toEqual(representation.encode(performance));
          expect(representation.normalise(normal)).toEqual(normal);
        }),
      );
    });

    test("every window of what is encoded is allowed from the middle", () => {
      fc.assert(
        fc.property(performances, fc.nat(), fc.nat(), (performance, a, b) => {
          const tokens = representation.encode(performance);
          const steps = tokens.length / fields.length;
          const [from, to] = [a % (steps + 1), b % (steps + 1)].sort((x, y) => x - y);
          const window = tokens.subarray(from * fields.length, to * fields.length);
          expect(refusal(representation, window, "middle")).toBeUndefined();
        }),
      );
    });

    test("decoding never throws and never leaves an impossible note: 10,000 random streams", () => {
      const random = createRandom(label);
      for (let i = 0; i < 10_000; i++) {
        const stream = randomStream(representation, random);
        expect(faultOf(representation.decode(stream)), Array.from(stream).join(" ")).toBeUndefined();
      }
    });

    test("a longest note is kept to", () => {
      const random = createRandom(label);
      for (const maximumNoteSeconds of [0.01, 0.29, 5]) {
        for (let i = 0; i < 300; i++) {
          const music = representation.decode(randomStream(representation, random), { maximumNoteSeconds });
          expect(faultOf(music, maximumNoteSeconds)).toBeUndefined();
        }
      }
    });

    test.each(["piece", "middle"] as const)(
      "sampled under the mask from the %s, no stream is invalid",
      (start) => {
        const random = createRandom(`${label} ${start}`);
        for (let i = 0; i < 100; i++) {
          const tokens = sampleUnderMask(representation, start, 1 + random.integer(150), random);
          const reading = read(namesOf(representation, tokens), start);
          expect(reading.fault).toBeUndefined();
          const decoded = representation.decode(tokens);
          expect(decoded.notes.count).toBe(reading.notes);
          expect(representation.decode(representation.encode(decoded)).notes.count).toBe(decoded.notes.count);
        }
      },
    );

    test("the mask has the size of its field and always allows something", () => {
      const random = createRandom(label);
      const state = representation.grammar("piece");
      for (let i = 0; i < 1000; i++) {
        const mask = state.allowed();
        expect(mask.length).toBe(fields[state.field].size);
        expect(mask).toContain(1);
        // Also after tokens that were not allowed.
        state.advance(random.integer(mask.length));
      }
    });

    test.each(["piece", "middle"] as const)("a copy from the %s goes its own way", (start) => {
      const random = createRandom(label);
      const walk = (state: GrammarState, tokens: Int32Array) =>
        Array.from(tokens, (token) => {
          const mask = allowedTokens(state.allowed()).join(" ");
          state.advance(token);
          return mask;
        });
      for (let i = 0; i < 40; i++) {
        const tokens = sampleUnderMask(representation, start, 20, random);
        const other = sampleUnderMask(representation, start, 2, random);
        const state = representation.grammar(start);
        const copies: GrammarState[] = [];
        const masks = Array.from(tokens, (token) => {
          copies.push(state.copy());
          walk(state.copy(), other);
          return walk(state, Int32Array.of(token))[0];
        });
        copies.forEach((copy, k) => {
          expect(walk(copy, tokens.subarray(k, k + 4))).toEqual(masks.slice(k, k + 4));
        });
      }
    });

    if (representation.timeline === undefined) wholeNotes(label, representation);

    test("its configuration, written as JSON, makes the same again", () => {
      const { name, config } = representation;
      const again = openRepresentation(name, JSON.parse(JSON.stringify(config)));
      expect(again).toMatchObject({ name, config, fields });
    });

    test("music is left as it was", () => {
      const before = structuredClone(densePage);
      representation.decode(representation.encode(densePage));
      expect(densePage).toEqual(before);
    });
  });
}

/** What playing whole notes while they are drawn rests on. */
function wholeNotes(label: string, given: Representation): void {
  // Whoever leads is written earlier than it sounds: the player hears steps as if nobody led, and sets it back.
  const representation: Representation = { ...given, ...given.ensemble?.told };
  const { fields } = representation;
  const textsOf = (performance: Performance, later = 0) =>
    [...notesOf(performance)].map(({ start, end, pitch, velocity, instrument }) => {
      const { program, isDrum } = performance.instruments[instrument];
      return [(start + later).toFixed(6), (end + later).toFixed(6), pitch, velocity, program, isDrum].join(
        " ",
      );
    });

  test("more steps add notes, begun no earlier than where time has come to, and change none", () => {
    const random = createRandom(`${label} grows`);
    for (let i = 0; i < 8; i++) {
      const tokens = sampleUnderMask(representation, "piece", 60, random);
      let before: readonly string[] = [];
      let last = 0;
      for (let steps = 1; steps <= 60; steps++) {
        const decoded = representation.decode(tokens.subarray(0, steps * fields.length));
        const now = textsOf(decoded);
        const missing = [...before];
        const added = [...notesOf(decoded)].filter((_, k) => {
          const place = missing.indexOf(now[k]);
          if (place >= 0) missing.splice(place, 1);
          return place < 0;
        });
        expect(missing).toEqual([]);
        for (const { start } of added) expect(start).toBeGreaterThan(last - 1e-9);
        last = added.reduce((latest, { start }) => Math.max(latest, start), last);
        before = now;
      }
    }
  });

  test("notes are the same without the steps long before them, but for when they are", () => {
    const random = createRandom(`${label} forgets`);
    for (let i = 0; i < 8; i++) {
      const tokens = sampleUnderMask(representation, "piece", 400, random);
      const [whole, tail] = [tokens, tokens.subarray(150 * fields.length)].map((each) =>
        representation.decode(each),
      );
      const [lastOfWhole, lastOfTail] = [whole, tail].map(({ notes }) => notes.start[notes.count - 1]);
      const later = textsOf(tail, lastOfWhole - lastOfTail).slice(-50);
      expect(textsOf(whole)).toEqual(expect.arrayContaining(later));
    }
  });
}

/** The first token that the grammar does not allow, with its place; undefined where it allows all. */
function refusal(
  representation: Representation,
  tokens: Int32Array,
  start: GrammarStart,
): string | undefined {
  const state = representation.grammar(start);
  for (const [i, token] of tokens.entries()) {
    if (state.allowed()[token] !== 1) return `${representation.describe(token, state.field)} at ${i}`;
    state.advance(token);
  }
  return undefined;
}

function namesOf({ fields, describe }: Representation, tokens: Int32Array): Names {
  return Array.from({ length: tokens.length / fields.length }, (_, step) =>
    fields.map((_, field) => describe(tokens[step * fields.length + field], field)),
  );
}

/** Music as text, without regard to the order in which equal times stand. */
function printed(performance: Performance) {
  return {
    notes: Array.from(notesOf(performance), (note) => JSON.stringify(note)).sort(),
    pedals: Array.from(pedalsOf(performance), (pedal) => JSON.stringify(pedal)),
    duration: performance.duration,
  };
}
