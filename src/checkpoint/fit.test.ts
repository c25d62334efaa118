import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Parameters } from "../util/parameters.ts";
import { CheckpointError } from "./error.ts";
import { FitError, fitParameters, type Shape } from "./fit.ts";

const zeros = (shapes: Readonly<Record<string, Shape>>): Parameters =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      return [name, { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) }];
    }),
  );

function refusal(expected: Readonly<Record<string, Shape>>, given: Parameters): FitError {
  try {
    fitParameters(expected, given);
  } catch (error) {
    if (error instanceof FitError) return error;
    throw error;
  }
  throw new Error("they fit");
}

const shapes = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "a", "b", "c", "d", "e")),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
);

describe("parameters that fit", () => {
  it("are given back in the model's order, without a copy", () => {
    fc.assert(
      fc.property(shapes, (expected) => {
        const given = zeros(Object.fromEntries(Object.entries(expected).reverse()));
        const fitted = fitParameters(expected, given);
        expect(Object.keys(fitted)).toEqual(Object.keys(expected));
        for (const name of Object.keys(expected)) expect(fitted[name]).toBe(given[name]);
      }),
    );
  });
});

describe("parameters that do not fit", () => {
  it("are told by name and shape, in one sentence", () => {
    const expected = { a: [2, 3], b: [4], c: [], d: [3, 2] };
    const error = refusal(expected, zeros({ b: [4], c: [1], d: [2, 3], e: [5] }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toBe(
      "found parameters of another model, 1 missing (`a` [2, 3]); 1 too many (`e` [5]); " +
        "2 of another shape (`c` is [1], expected [], `d` is [2, 3], expected [3, 2]): " +
        "use the configuration that belongs to these weights",
    );
    expect(error.misfits).toEqual({
      missing: [{ name: "a", expected: [2, 3] }],
      unknown: [{ name: "e", given: [5] }],
      reshaped: [
        { name: "c", expected: [], given: [1] },
        { name: "d", expected: [3, 2], given: [2, 3] },
      ],
    });
  });

  it("are counted where they are many", () => {
    const expected = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`block${i}`, [i]]));
    expect(refusal(expected, {}).message).toContain(
      "50 missing (`block0` [0], `block1` [1], `block2` [2], and 47 more): use",
    );
  });

  it("are all found, and nothing else is", () => {
    fc.assert(
      fc.property(shapes, shapes, (expected, given) => {
        const names = new Set([...Object.keys(expected), ...Object.keys(given)]);
        const of = (record: Readonly<Record<string, Shape>>, name: string) =>
          Object.hasOwn(record, name) ? `[${record[name]}]` : "nothing";
        const wrong = [...names].filter((name) => of(expected, name) !== of(given, name));
        fc.pre(wrong.length > 0);
        const { missing, unknown, reshaped } = refusal(expected, zeros(given)).misfits;
        const told = [...missing, ...unknown, ...reshaped].map(({ name }) => name);
        expect(told.sort()).toEqual(wrong.sort());
      }),
    );
  });
});
