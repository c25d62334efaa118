/** @file Streams of single tokens: the same music and the same grammar as the steps that they are made of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { faultOf, randomStream, sampleUnderMask } from "../../test/suites/random-streams.ts";
import { createRandom } from "../util/random.ts";
import {
  fieldOrder,
  flatRepresentation,
  flatTokens,
  openRepresentation,
  representations,
  stepsOfFlat,
} from "./index.ts";

const opened = Object.keys(representations).map((name) => openRepresentation(name));
const factored = opened.filter(({ fields }) => fields.length > 1);

it("a representation of one field is a stream already", () => {
  const streams = opened.filter(({ fields }) => fields.length === 1);
  expect(streams.length).toBeGreaterThan(0);
  for (const each of streams) {
    expect(flatRepresentation(each)).toBe(each);
    expect(fieldOrder(each)).toBeUndefined();
  }
});

describe.each(factored.map((each) => [each.name, each] as const))("%s as a stream", (_, steps) => {
  const flat = flatRepresentation(steps);
  const { fields } = steps;
  const offsets = fields.map((_, i) => fields.slice(0, i).reduce((sum, { size }) => sum + size, 0));

  it("has one field, and a name for each token that tells what it is", () => {
    expect(flat.fields).toEqual([{ name: "token", size: steps.vocabularySize }]);
    const names = Array.from({ length: flat.vocabularySize }, (_, token) => flat.describe(token));
    expect(new Set(names).size).toBe(flat.vocabularySize);
    for (const [i, { size }] of fields.entries()) {
      expect(names[offsets[i]]).toBe(steps.describe(0, i));
      expect(names[offsets[i] + size - 1]).toBe(steps.describe(size - 1, i));
    }
    for (const token of [-1, flat.vocabularySize]) expect(flat.describe(token)).toBe(`unknown:${token}`);
  });

  it("holds the same music, token by token", () => {
    fc.assert(
      fc.property(performances, (performance) => {
        const tokens = flat.encode(performance);
        const plain = steps.encode(performance);
        expect([...tokens]).toEqual([...plain].map((value, i) => value + offsets[i % fields.length]));
        expect(flatTokens(fields, plain)).toEqual(tokens);
        expect(stepsOfFlat(fields, tokens)).toEqual(plain);
        expect(flat.decode(tokens)).toEqual(steps.decode(plain));
      }),
    );
  });

  it("leaves out what is no whole step, and nothing else", () => {
    const random = createRandom("halves");
    for (let i = 0; i < 200; i++) {
      const plain = sampleUnderMask(steps, "piece", 12, random);
      const tokens = [...flatTokens(fields, plain)];
      const step = random.integer(12);
      const cut = 1 + random.integer(fields.length - 1);
      // The beginning of a step, and then the same step anew.
      const torn = tokens.toSpliced(
        step * fields.length,
        0,
        ...tokens.slice(step * fields.length).slice(0, cut),
      );
      expect([...stepsOfFlat(fields, torn)]).toEqual([...plain]);
      expect([...stepsOfFlat(fields, tokens.slice(cut))]).toEqual([...plain.subarray(fields.length)]);
      expect([...stepsOfFlat(fields, tokens.slice(0, -cut))]).toEqual([...plain.subarray(0, -fields.length)]);
      expect([...stepsOfFlat(fields, [-1, ...tokens, flat.vocabularySize])]).toEqual([...plain]);
    }
    for (let i = 0; i < 2000; i++) expect(faultOf(flat.decode(randomStream(flat, random)))).toBeUndefined();
  });

  it("allows what the grammar of steps allows, field after field", () => {
    const random = createRandom("grammar");
    for (let i = 0; i < 20; i++) {
      const tokens = sampleUnderMask(flat, "piece", 40, random);
      const [stream, plain] = [flat.grammar("piece"), steps.grammar("piece")];
      for (const [at, token] of tokens.entries()) {
        const field = at % fields.length;
        expect(plain.field).toBe(field);
        const wanted = new Uint8Array(flat.vocabularySize);
        wanted.set(plain.allowed(), offsets[field]);
        expect(stream.copy().allowed()).toEqual(wanted);
        expect(stream.allowed()[token]).toBe(1);
        stream.advance(token);
        plain.advance(token - offsets[field]);
      }
    }
  });

  it("may be met in the middle of a step", () => {
    fc.assert(
      fc.property(performances, fc.nat(), fc.nat(), (performance, a, b) => {
        const tokens = flat.encode(performance);
        const [from, to] = [a % (tokens.length + 1), b % (tokens.length + 1)].sort((x, y) => x - y);
        const state = flat.grammar("middle");
        for (const token of tokens.subarray(from, to)) {
          expect(state.copy().allowed()[token]).toBe(1);
          expect(state.allowed()[token]).toBe(1);
          state.advance(token);
        }
      }),
      { numRuns: 30 },
    );
    const state = flat.grammar("middle");
    state.advance(offsets[1]);
    expect(flat.describe(state.allowed().lastIndexOf(1))).toBe(
      steps.describe(fields[2 % fields.length].size - 1, 2),
    );
    expect(state.allowed().indexOf(1)).toBe(offsets[2]);
  });

  it("without the grammar of steps keeps the order of fields, and takes whatever comes", () => {
    const state = fieldOrder(steps);
    for (let i = 0; i < 3 * fields.length; i++) {
      const field = i % fields.length;
      const allowed = state?.allowed() ?? new Uint8Array(0);
      expect([allowed.indexOf(1), allowed.lastIndexOf(1)]).toEqual([
        offsets[field],
        offsets[field] + fields[field].size - 1,
      ]);
      expect(state?.copy().allowed()).toEqual(allowed);
      state?.advance(i % 2 === 0 ? offsets[field] : 0);
    }
  });
});
