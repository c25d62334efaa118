import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../test/golden/safetensors.json" with { type: "json" };
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { CheckpointError } from "./error.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const unpacked = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const decode = (bytes: Uint8Array) => decodeSafetensors(bytes, "model.safetensors");

/** A file by the specification: a header, given as JSON or as text, and so many bytes of numbers. */
function file(header: unknown, size: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const arrays: fc.Arbitrary<NamedArray> = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ shape, data }));
  });
const names = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "constructor", "7", "a.weight"),
);
const records: fc.Arbitrary<Parameters> = fc
  .array(fc.tuple(names, arrays), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

describe("files of the safetensors library", () => {
  it.each(["float32", "float16", "nothing"] as const)(
    "%s are read, and written byte by byte alike",
    (kind) => {
      const bytes = unpacked(golden[kind]);
      const { parameters, metadata } = decode(bytes);
      const precision = kind === "float16" ? "float16" : "float32";
      expect(encodeSafetensors(parameters, { precision, metadata })).toEqual(bytes);
    },
  );

  it("give the numbers that were put in", () => {
    const { parameters, metadata } = decode(unpacked(golden.float32));
    expect(metadata).toEqual({ by: "numpy" });
    expect(Object.keys(parameters)).toHaveLength(5);
    const { empty, scale, ...others } = parameters;
    expect(empty).toEqual({ shape: [2, 0], data: new Float32Array(0) });
    expect(scale).toEqual({ shape: [], data: Float32Array.of(0.1) });
    expect(others['été "\\']).toEqual({ shape: [7], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6) });
    expect(others["blocks.0.attention.query.bias"].data).toEqual(
      Float32Array.of(0, -0, 1e-45, -3.4e38, Number.POSITIVE_INFINITY),
    );
  });

  it("of other element types are read as float32", () => {
    const { parameters } = decode(unpacked(golden.mixed.file));
    const values = Object.fromEntries(
      Object.entries(parameters).map(([name, { data }]) => {
        return [name, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")];
      }),
    );
    expect(values).toEqual(golden.mixed.values);
    const { long } = parameters;
    expect(long.shape).toEqual([2, 2]);
  });
});

describe("what is written", () => {
  it("is read back, bit by bit and in order", () => {
    fc.assert(
      fc.property(records, fc.dictionary(fc.string(), fc.string()), (parameters, metadata) => {
        const read = decode(encodeSafetensors(parameters, { metadata }));
        expect(Object.keys(read.parameters)).toEqual(Object.keys(parameters));
        expect(read.parameters).toEqual(parameters);
        expect(read.metadata).toEqual(metadata);
      }),
    );
  });

  it("begins its numbers at a multiple of 8, so that they are used where they lie", () => {
    fc.assert(
      fc.property(records, (parameters) => {
        const bytes = encodeSafetensors(parameters);
        for (const { data } of Object.values(decode(bytes).parameters)) {
          if (data.length > 0) expect(data.buffer).toBe(bytes.buffer);
        }
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
      }),
    );
  });

  it("may lie at an odd place in memory", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 7 }), (parameters, shift) => {
        const bytes = encodeSafetensors(parameters);
        const shifted = new Uint8Array(bytes.length + shift);
        shifted.set(bytes, shift);
        expect(decode(shifted.subarray(shift)).parameters).toEqual(parameters);
      }),
    );
  });

  it("is refused as float16 where a number would become infinite, but not where it is", () => {
    const parameters = { bias: { shape: [2], data: Float32Array.of(1, -65520) } };
    expect(() => encodeSafetensors(parameters, { precision: "float16" })).toThrow(
      "found -65520 in `bias`, expected at most 65504 for float16: write float32",
    );
    const infinite = { bias: { shape: [2], data: Float32Array.of(65504, Number.NEGATIVE_INFINITY) } };
    const bytes = encodeSafetensors(infinite, { precision: "float16" });
    expect(decode(bytes).parameters).toEqual(infinite);
  });

  it("is refused where shape and numbers disagree, or a name is taken: our mistakes", () => {
    const data = new Float32Array(3);
    expect(() => encodeSafetensors({ a: { shape: [2], data } })).toThrow(/^invariant: a has 3 numbers/);
    expect(() => encodeSafetensors({ __metadata__: { shape: [3], data } })).toThrow(/^invariant:/);
  });
});

describe("what is no safetensors file", () => {
  const refusals: readonly (readonly [name: string, bytes: Uint8Array, message: string])[] = [
    ["a short file", new Uint8Array(7), "of 7 bytes, expected a safetensors file"],
    ["a huge header", new Uint8Array(40).fill(1, 0, 5), "a header of 4311810305 bytes"],
    ["a header over the cap", file("{}", 0).fill(255, 0, 3).fill(6, 3, 4), "a header of 117440511 bytes"],
    [
      "a header beyond the end",
      file("{}   ", 0).subarray(0, 11),
      "ending at byte 11, within its header of 5",
    ],
    ["an empty header", new Uint8Array(8), "whose header does not begin with {"],
    ["a header of spaces first", file(" {}", 0), "whose header does not begin with {"],
    ["Latin-1", file("{}", 0).fill(0xe9, 9), "whose header is not UTF-8"],
    ["half a header", file('{"a":', 0), "whose header is not JSON"],
    [
      "a name twice",
      file(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
        0,
      ),
      "whose header has `a` twice",
    ],
    [
      "metadata of numbers",
      file({ __metadata__: { a: 1 } }, 0),
      "__metadata__ is not a map from text to text",
    ],
    ["a tensor that is none", file({ a: [] }, 0), "whose tensor `a` is wrong at its entry"],
    [
      "no shape",
      file({ a: { dtype: "F32", data_offsets: [0, 0] } }, 0),
      "whose tensor `a` is wrong at shape",
    ],
    ["a negative size", file({ a: entry(0, 4, [-1, -1]) }, 4), "whose tensor `a` is wrong at shape.0"],
    ["half a number", file({ a: entry(0, 4, [0.5]) }, 4), "whose tensor `a` is wrong at shape.0"],
    ["three offsets", file({ a: { ...entry(0, 4), data_offsets: [0, 4, 8] } }, 4), "wrong at data_offsets"],
    [
      "an unknown type",
      file({ a: entry(0, 4, [4], "F8_E4M3") }, 4),
      "expected one of F32, F16, BF16, F64, I32, I64: convert it",
    ],
    [
      "a wrong shape",
      file({ a: entry(0, 8, [3]) }, 8),
      "`a` of type F32 and shape [3] from byte 0 to 8, which are not 12 bytes",
    ],
    ["a backward tensor", file({ a: entry(8, 4, [1]) }, 8), "from byte 8 to 4, which are not 4 bytes"],
    [
      "an immense shape",
      file({ a: entry(0, 4, [2 ** 53 - 1, 2 ** 53 - 1]) }, 4),
      "which are not 3.2451855365842",
    ],
    ["a truncated file", file({ a: entry(0, 8) }, 5), "cut off, with 3 bytes missing at its end"],
    ["a hole", file({ a: entry(0, 4), b: entry(8, 12) }, 12), "with 4 bytes of no tensor before `b`"],
    ["a hole at the start", file({ b: entry(4, 8) }, 8), "with 4 bytes of no tensor before `b`"],
    ["an overlap", file({ a: entry(0, 8), b: entry(4, 12) }, 12), "with tensor `b` beginning inside another"],
    [
      "the same bytes twice",
      file({ a: entry(0, 8), b: entry(0, 8) }, 8),
      "with tensor `b` beginning inside another",
    ],
    ["a long tail", file({ a: entry(0, 4) }, 7), "with 3 bytes of no tensor at its end"],
  ];

  it.each(refusals)("%s is refused", (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(CheckpointError);
    expect(() => decode(bytes)).toThrow(message);
    expect(() => decode(bytes)).toThrow(/^found [^\n]*model\.safetensors[^\n]*: [^\n]*$/);
  });

  it("tensors may stand in any order, empty ones among them, and spaces after the header", () => {
    const header = JSON.stringify({ b: entry(4, 8), none: entry(4, 4), a: entry(0, 4), last: entry(8, 8) });
    const { parameters } = decode(file(`${header}   `, 8));
    expect(Object.keys(parameters)).toEqual(["b", "none", "a", "last"]);
  });

  it("a name cannot steer the terminal that the message is printed on", () => {
    const name = `\u001b[31m${"x".repeat(1000)}`;
    const say = () => decode(file({ [name]: entry(0, 8, [3]) }, 8));
    expect(say).toThrow(/^found [ -~…]{1,300}$/);
  });
});

describe("a damaged file", () => {
  const whole = [golden.float32, golden.float16, golden.mixed.file].map(unpacked);

  it("is refused wherever it is cut off", () => {
    for (const bytes of whole) {
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decode(bytes.subarray(0, length))).toThrow(CheckpointError);
      }
    }
  });

  it("is refused in a sentence or read, and neither crashes nor reads beyond its end", () => {
    const edit = fc.record({ at: fc.nat(500), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (bytes, edits) => {
          const broken = edits.reduce(
            (before, { at, cut, put }) =>
              Uint8Array.of(...before.subarray(0, at), ...put, ...before.subarray(at + cut)),
            bytes,
          );
          try {
            for (const { shape, data } of Object.values(decode(broken).parameters)) {
              expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
            }
          } catch (error) {
            expect(error).toBeInstanceOf(CheckpointError);
            refused++;
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});
