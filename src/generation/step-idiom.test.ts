/** @file What tokens of whole notes do, found out by decoding; where a piece begins; and what cannot be played. */
import { describe, expect, it } from "vitest";
import { type Column, changeTempo, createPerformance, type Performance } from "../music/index.ts";
import {
  flatRepresentation,
  openRepresentation,
  pitchTokens,
  type Representation,
} from "../representations/index.ts";
import { createRandom } from "../util/random.ts";
import { idiomOf } from "./idiom.ts";
import { Past } from "./past.ts";
import { openProcessors } from "./processors/index.ts";
import { stepTable } from "./step-table.ts";

const pitches = openRepresentation("pitches");
const notes = openRepresentation("notes");

/** The name of each token, and what is said of it. */
function told(representation: Representation, names: readonly string[]) {
  const { onset, steps, ends } = stepTable(representation);
  const { describe: name, vocabularySize } = flatRepresentation(representation);
  return Object.fromEntries(
    Array.from({ length: vocabularySize }, (_, token) => token)
      .filter((token) => names.includes(name(token)))
      .map((token) => [name(token), [onset[token], Number(steps[token].toFixed(3)), ends[token]]]),
  );
}

describe("the table of tokens", () => {
  it("knows of pitches what each strikes and how long it is to the next", () => {
    const names = ["note:C-1:0", "note:C4:0", "note:C4:0.5", "note:G9:4", "rest:0.08333", "rest:4"];
    expect(told(pitches, names)).toEqual({
      "note:C-1:0": [0, 0, 1],
      "note:C4:0": [60, 0, 1],
      "note:C4:0.5": [60, 50, 1],
      "note:G9:4": [127, 400, 1],
      "rest:0.08333": [-1, 8.333, 1],
      "rest:4": [-1, 400, 1],
    });
  });

  it("knows of the fields of a note which moves time on, which strikes, and which is the last", () => {
    const names = ["shift:0.00000", "shift:10.00000", "pitch:0", "pitch:60", "rest", "velocity:1"];
    expect(told(notes, [...names, "duration:20.00000"])).toEqual({
      "shift:0.00000": [-1, 0, 0],
      "shift:10.00000": [-1, 1000, 0],
      "pitch:0": [0, 0, 0],
      "pitch:60": [60, 0, 0],
      rest: [-1, 0, 0],
      "velocity:1": [-1, 0, 0],
      "duration:20.00000": [-1, 0, 1],
    });
    const players = ["shift:1.00000", "program:0", "program:40", "drums", "pitch:60", "velocity:32"];
    expect(told(openRepresentation("multitrack"), players)).toEqual({
      "shift:1.00000": [-1, 100, 0],
      "program:0": [-1, 0, 0],
      "program:40": [-1, 0, 0],
      drums: [-1, 0, 0],
      "pitch:60": [60, 0, 0],
      "velocity:32": [-1, 0, 0],
    });
  });

  it("knows of an ensemble which token calls for drums, and keeps no drum to a scale", () => {
    const ensemble = openRepresentation("multitrack");
    const table = stepTable(ensemble);
    const { describe: name } = flatRepresentation(ensemble);
    const called = Array.from(table.drums ?? []).flatMap((is, token) => (is === 1 ? [name(token)] : []));
    expect(called).toEqual(["drums"]);
    const { shape } = openProcessors({ "in-scale": { pitchClasses: [0] } }, table);
    const struck = (program: string) => {
      const past = new Past(undefined);
      for (let token = 0; token < table.size; token++) if (name(token) === program) past.add(token);
      const logits = new Float32Array(table.size).fill(Number.NEGATIVE_INFINITY);
      for (let token = 0; token < table.size; token++) {
        if (["pitch:36", "pitch:38"].includes(name(token))) logits[token] = 0;
      }
      shape(logits, past);
      return Array.from(logits).flatMap((logit, token) => (logit === 0 ? [name(token)] : []));
    };
    expect(struck("drums")).toEqual(["pitch:36", "pitch:38"]);
    expect(struck("program:40")).toEqual(["pitch:36"]);
  });
});

/** `pitches` written otherwise. */
const altered = (change: Partial<Representation>): Representation => ({ ...pitches, ...change });

describe("the opening", () => {
  const openingOf = (representation: Representation) => {
    const { before, music } = idiomOf(representation).opening(createRandom(1));
    const { describe: name } = flatRepresentation(representation);
    return [[...before].map((token) => name(token)), [...music].map((token) => name(token))];
  };

  it("is silence, or the beginning of a step that strikes at once", () => {
    expect(openingOf(pitches)).toEqual([["rest:1"], []]);
    expect(openingOf(notes)).toEqual([[], ["shift:0.00000"]]);
  });

  it("is a note from the middle where a representation knows no silence, another for another seed", () => {
    // Whatever is given begins at once.
    const early = ({ notes: given }: Performance) =>
      createPerformance({
        notes: Array.from({ length: given.count }, (_, i) => ({
          start: given.start[i] - given.start[0],
          end: given.end[i] - given.start[0],
          pitch: given.pitch[i],
          velocity: given.velocity[i],
        })),
      });
    const idiom = idiomOf(altered({ encode: (performance) => pitches.encode(early(performance)) }));
    const first = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const { before, music } = idiom.opening(createRandom(seed));
      expect(before).toHaveLength(0);
      expect(music).toHaveLength(1);
      return idiom.table.onset[music[0]];
    });
    expect(new Set(first).size).toBeGreaterThan(3);
    for (const pitch of first) {
      expect(pitch).toBeGreaterThanOrEqual(55);
      expect(pitch).toBeLessThanOrEqual(72);
    }
  });
});

describe("what cannot be played", () => {
  it.each([
    [
      "several tokens to a note",
      { encode: (music: Performance) => Int32Array.of(0, ...pitches.encode(music)) },
    ],
    ["no pitch that is heard", { encode: () => pitchTokens([60]) }],
    [
      "time that hangs on what came before",
      {
        decode: (tokens: Column) => {
          const music = pitches.decode(tokens);
          return tokens.length > 2 ? changeTempo(music, 2) : music;
        },
      },
    ],
  ])("%s: one sentence", (_, change) => {
    expect(() => idiomOf(altered(change))).toThrow(
      /^found `pitches`, whose tokens do not tell by themselves which note they strike and when, expected/,
    );
  });
});
