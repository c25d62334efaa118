/** @file What processors do to logits, each by itself and one after the other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostTurns } from "../../music/repetition.ts";
import { openRepresentation } from "../../representations/index.ts";
import { ConfigError } from "../../util/errors.ts";
import { logSumExp } from "../draw.ts";
import { eventTable } from "../event-table.ts";
import { Past } from "../past.ts";
import { openProcessors, type ProcessorSettings, processors } from "./index.ts";

const representation = openRepresentation("performance");
const table = eventTable(representation);
const nothing = Number.NEGATIVE_INFINITY;
const row = fc.float32Array({
  minLength: table.size,
  maxLength: table.size,
  noNaN: true,
  min: -20,
  max: 20,
});

function applied(
  settings: ProcessorSettings,
  logits: Float32Array,
  past = new Past(undefined),
): Float32Array {
  const changed = logits.slice();
  const { shape, truncate } = openProcessors(settings, table);
  shape(changed, past);
  truncate(changed, past);
  return changed;
}

const probabilities = (logits: Float32Array) => {
  const total = logSumExp(logits);
  return [...logits].map((logit) => Math.exp(logit - total));
};
const left = (logits: Float32Array) => [...logits.keys()].filter((i) => logits[i] > nothing);
/** -5 everywhere, but for these. */
const logitsWith = (values: Readonly<Record<number, number>>) => {
  const logits = new Float32Array(table.size).fill(-5);
  for (const [token, value] of Object.entries(values)) logits[Number(token)] = value;
  return logits;
};

describe("top-p", () => {
  it("keeps one at least, and the fewest that reach the probability", () => {
    fc.assert(
      fc.property(row, fc.double({ min: 1e-9, max: 1, noNaN: true }), (logits, p) => {
        const kept = left(applied({ "top-p": { p } }, logits));
        expect(kept.length).toBeGreaterThan(0);
        const sizes = probabilities(logits);
        const sum = kept.reduce((total, i) => total + sizes[i], 0);
        expect(sum).toBeGreaterThan(p - 1e-5);
        const least = Math.min(...kept.map((i) => sizes[i]));
        if (kept.length > 1) expect(sum - least).toBeLessThan(p + 1e-5);
        for (const [i, size] of sizes.entries())
          if (!kept.includes(i)) expect(size).toBeLessThanOrEqual(least);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the likeliest event even where it alone is too much", () => {
    expect(left(applied({ "top-p": { p: 0.01 } }, logitsWith({ 7: 9 })))).toEqual([7]);
  });
});

describe("top-k", () => {
  it("keeps k, of equal ones those that come first", () => {
    expect(left(applied({ "top-k": { k: 2 } }, logitsWith({ 3: 1, 9: 2 })))).toEqual([3, 9]);
    expect(left(applied({ "top-k": { k: 3 } }, logitsWith({ 9: 2 })))).toEqual([0, 1, 9]);
    expect(left(applied({ "top-k": { k: 1000 } }, logitsWith({})))).toHaveLength(table.size);
  });
});

describe("min-p", () => {
  it("keeps what is at least that share as likely as the likeliest", () => {
    const logits = logitsWith({ 1: Math.log(0.5), 2: Math.log(0.26), 3: Math.log(0.24) });
    expect(left(applied({ "min-p": { p: 0.5 } }, logits))).toEqual([1, 2]);
    expect(left(applied({ "min-p": { p: 1 } }, logits))).toEqual([1]);
    expect(left(applied({ "min-p": { p: 0 } }, logits))).toHaveLength(table.size);
  });
});

describe("temperature", () => {
  it("divides the logits", () => {
    const [cold, warm] = [0.5, 2].map((temperature) =>
      probabilities(applied({ temperature: { temperature } }, logitsWith({ 5: 1, 6: 0 }))),
    );
    expect(Math.log(cold[5] / cold[6])).toBeCloseTo(2, 4);
    expect(Math.log(warm[5] / warm[6])).toBeCloseTo(0.5, 4);
  });

  it("leaves numbers, however cold it is", () => {
    const logits = applied({ temperature: { temperature: 1e-30 } }, logitsWith({ 5: 1, 6: 0.99 }));
    expect(probabilities(logits)[5]).toBe(1);
  });

  it.each([0, -1])("of %d is refused with a hint", (temperature) => {
    const open = () => openProcessors({ temperature: { temperature } }, table);
    expect(open).toThrow(ConfigError);
    expect(open).toThrow("--greedy-ratio 1");
  });
});

describe("the repetition penalty", () => {
  const past = new Past(undefined);
  for (const token of [60, 188, 60, 64, 300]) past.add(token);
  const logits = logitsWith({ 60: 2, 64: 1, 67: 2, 188: 1, 300: 1 });

  it("makes p to p ^ penalty for pitches struck within the window, and for nothing else", () => {
    const before = probabilities(logits);
    const after = probabilities(applied({ "repetition-penalty": { penalty: 1.5 } }, logits, past));
    // What is not punished keeps its share of the rest.
    const scale = after[67] / before[67];
    for (const token of [60, 64]) expect(after[token]).toBeCloseTo(scale * before[token] ** 1.5, 6);
    for (const token of [188, 300, 0]) expect(after[token]).toBeCloseTo(scale * before[token], 6);
    const short = applied({ "repetition-penalty": { penalty: 1.5, window: 2 } }, logits, past);
    expect(probabilities(short)[60] / probabilities(short)[67]).toBeCloseTo(1, 5);
  });

  it("means the same whatever is added to all logits", () => {
    const shifted = probabilities(
      applied(
        { "repetition-penalty": { penalty: 1.5 } },
        logits.map((logit) => logit + 10),
        past,
      ),
    );
    const plain = probabilities(applied({ "repetition-penalty": { penalty: 1.5 } }, logits, past));
    for (const [i, p] of plain.entries()) expect(shifted[i]).toBeCloseTo(p, 5);
  });

  it("looks back no further than memory reaches, in constant room", () => {
    const long = new Past(undefined);
    for (let i = 0; i < 10_000; i++) long.add(i % 388);
    expect(long.length).toBe(4096);
    expect(long.back(0)).toBe(9999 % 388);
    expect(long.back(4095)).toBe((9999 - 4095) % 388);
  });
});

/** In `performance` a note-on is its pitch, and 256 + n moves time on by n steps less one. */
const pastOf = (tokens: readonly number[]) => {
  const past = new Past(undefined);
  for (const token of tokens) past.add(token);
  return past;
};
const shiftsOf = (logits: Float32Array) => left(logits).filter((token) => table.steps[token] > 0);

describe("the longest rest", () => {
  const settings = { "longest-rest": { seconds: 2 } };

  it("lets time move on so far from the last onset, and no further", () => {
    const shiftsAfter = (...tokens: number[]) => shiftsOf(applied(settings, logitsWith({}), pastOf(tokens)));
    expect(shiftsAfter(60)).toHaveLength(100);
    expect(shiftsAfter(60, 355)).toHaveLength(100);
    // 1.4 s have gone by, a release among them.
    expect(shiftsAfter(60, 355, 188, 295)).toEqual(Array.from({ length: 60 }, (_, i) => 256 + i));
    expect(shiftsAfter(60, 355, 355)).toEqual([]);
    expect(shiftsAfter(60, 355, 355, 64)).toHaveLength(100);
    expect(shiftsAfter(355, 355)).toEqual([]);
  });

  it("leaves all as it is where only time may come", () => {
    const logits = new Float32Array(table.size).fill(nothing);
    logits[300] = 1;
    expect(left(applied(settings, logits, pastOf([60, 355, 355])))).toEqual([300]);
  });
});

describe("turns", () => {
  const settings = { "most-turns": { turns: 2, length: 3 } };
  /** Each with a shift of time behind it. */
  const melody = (pitches: readonly number[]) => pitches.flatMap((pitch) => [pitch, 260]);
  const pitchesLeft = (tokens: readonly number[]) =>
    left(applied(settings, logitsWith({}), pastOf(tokens))).filter((token) => token < 128).length;

  it("are as many as asked for: what would close one more is ruled out", () => {
    const row = [60, 62, 64, 60, 62, 64, 60, 62];
    expect(left(applied(settings, logitsWith({}), pastOf(melody(row))))).not.toContain(64);
    expect(pitchesLeft(melody(row))).toBe(127);
    expect(pitchesLeft(melody(row.slice(1)))).toBe(128);
    expect(pitchesLeft(melody([61, ...row.slice(1)]))).toBe(128);
    expect(pitchesLeft(melody([61, ...row]))).toBe(127);
  });

  it("are heard in chords, whatever the order in which these were drawn", () => {
    const chord = (...pitches: number[]) => [...pitches, 260];
    const turns = [chord(60, 64, 67), chord(64, 67, 60), chord(67, 60)].flat().slice(0, -1);
    expect(pitchesLeft(turns.slice(0, -1))).toBe(128);
    expect(pitchesLeft(turns)).toBe(127);
    expect(pitchesLeft([...chord(60, 64, 67), ...chord(64, 67, 60), 60, 64])).toBe(127);
  });

  it("are never more than asked for, whatever is drawn in whichever order", () => {
    // Few pitches and many chords, so that circles come by themselves.
    const drawn = fc.array(fc.constantFrom(60, 62, 260), { minLength: 40, maxLength: 120 });
    fc.assert(
      fc.property(drawn, (wanted) => {
        const [past, pitches, chord] = [new Past(undefined), [], []] as [Past, number[], number[]];
        for (const token of [...wanted, 260]) {
          const free = left(applied(settings, logitsWith({}), past)).includes(token);
          if (!free) continue;
          past.add(token);
          if (token < 128) chord.push(token);
          else pitches.push(...chord.splice(0).sort((a, b) => a - b));
        }
        expect(mostTurns(pitches, 3)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 100 },
    );
  });

  it("leave the only pitch that there is", () => {
    const logits = new Float32Array(table.size).fill(nothing);
    logits[60] = 1;
    expect(left(applied(settings, logits, pastOf(melody(Array(9).fill(60)))))).toEqual([60]);
  });
});

describe("in a scale", () => {
  it("no other note is struck, and everything else may happen", () => {
    const pitchClasses = [0, 2, 4, 7, 9];
    const kept = left(applied({ "in-scale": { pitchClasses } }, logitsWith({})));
    // 127 is the highest of them: a chord that began there could not go on.
    const strange = (token: number) => {
      const pitch = table.onset[token];
      return pitch === 127 || (pitch >= 0 && !pitchClasses.includes(pitch % 12));
    };
    expect(kept).toEqual([...Array(table.size).keys()].filter((token) => !strange(token)));
    expect(kept.length).toBe(table.size - [...Array(128).keys()].filter(strange).length);
  });

  it("another is struck where there is no choice", () => {
    const logits = new Float32Array(table.size).fill(nothing);
    logits[61] = 1;
    expect(left(applied({ "in-scale": { pitchClasses: [0] } }, logits))).toEqual([61]);
  });
});

describe("all of them", () => {
  it("leave something to draw, and only what the grammar allows", () => {
    const settings: ProcessorSettings = {
      grammar: {},
      "longest-rest": { seconds: 1 },
      "most-turns": { turns: 1, length: 2 },
      "repetition-penalty": { penalty: 2 },
      temperature: { temperature: 0.3 },
      "top-k": { k: 2 },
      "top-p": { p: 1e-6 },
      "min-p": { p: 1 },
    };
    fc.assert(
      fc.property(row, fc.array(fc.nat({ max: 387 }), { maxLength: 20 }), (logits, heard) => {
        const past = new Past(representation.grammar("piece"));
        for (const token of heard) past.add(token);
        const kept = left(applied(settings, logits, past));
        expect(kept.length).toBeGreaterThan(0);
        const allowed = past.grammar?.allowed();
        for (const token of kept) expect(allowed?.[token]).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it("are applied in the order in which they are listed", () => {
    expect(Object.keys(processors)).toEqual([
      "shortest-time",
      "grammar",
      "in-scale",
      "longest-rest",
      "most-turns",
      "repetition-penalty",
      "temperature",
      "top-k",
      "top-p",
      "min-p",
    ]);
    for (const [name, definition] of Object.entries(processors)) expect(definition.name).toBe(name);
  });
});
