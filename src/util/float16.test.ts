import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../test/golden/safetensors.json" with { type: "json" };
import { sha256 } from "../platform/node/sha256.ts";
import { decodeBfloat16, decodeFloat16, encodeFloat16 } from "./float16.ts";

const everyHalf = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
const largest = 0x7bff;
const notNumber = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;

const encode = (values: Float32Array) => encodeFloat16(values, new Uint16Array(values.length));
const floats = (words: Uint32Array<ArrayBuffer>) => new Float32Array(words.buffer);
const words = (values: Float32Array<ArrayBuffer>) => new Uint32Array(values.buffer);

/** IEEE 754, section 3.4, word for word. */
function meaningOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const significand = half & 0x3ff;
  if (exponent === 0x1f) return significand === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * 2 ** -14 * (significand / 2 ** 10);
  return sign * 2 ** (exponent - 15) * (1 + significand / 2 ** 10);
}

describe("every half", () => {
  it("has the value that the standard gives it", () => {
    const decoded = decodeFloat16(everyHalf);
    const wrong = everyHalf.filter((half) => !Object.is(decoded[half], meaningOf(half)));
    expect([...wrong]).toEqual([]);
  });

  it("comes back from float32 bit by bit, NaN with its payload", () => {
    expect(encode(decodeFloat16(everyHalf))).toEqual(everyHalf);
  });

  it("has the value that numpy gives it", () => {
    const decoded = decodeFloat16(everyHalf.filter((half) => !notNumber(half)));
    expect(sha256(new Uint8Array(decoded.buffer))).toBe(golden.halfToFloat);
  });
});

describe("rounding", () => {
  it("goes to the even one of two halves from their midpoint, and to the nearer one from beside it", () => {
    // The midpoint of any two neighbours is a float32; that above the largest half would be 65520.
    const lower = everyHalf.subarray(0, largest + 1);
    const midpoints = Float32Array.from(lower, (half) =>
      half === largest ? 65520 : (meaningOf(half) + meaningOf(half + 1)) / 2,
    );
    const even = lower.map((half) => half + (half & 1));
    expect(encode(midpoints)).toEqual(even);
    expect(encode(floats(words(midpoints).map((word) => word - 1)))).toEqual(lower);
    expect(encode(floats(words(midpoints).map((word) => word + 1)))).toEqual(lower.map((half) => half + 1));
    expect(encode(midpoints.map((value) => -value))).toEqual(even.map((half) => half | 0x8000));
  });

  it("agrees with numpy over the whole range of float32", () => {
    const spread = floats(Uint32Array.from({ length: 2 ** 20 }, (_, i) => (i * 4093) % 2 ** 32));
    const rounded = encode(spread.filter((value) => !Number.isNaN(value)));
    expect(sha256(new Uint8Array(rounded.buffer))).toBe(golden.floatToHalf);
  });

  it("is off by 2^-11 of a number at most, or by 2^-25 where that is more", () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(-65519), max: Math.fround(65519), noNaN: true }), (value) => {
        const [rounded] = decodeFloat16(encode(Float32Array.of(value)));
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
      }),
    );
  });

  it("keeps NaN from becoming infinite, whatever its payload", () => {
    const payloads = Uint32Array.of(0x7f800001, 0xff800001, 0x7fc00000, 0xffffffff, 0x7f802000);
    expect([...encode(floats(payloads))].filter((half) => !notNumber(half))).toEqual([]);
  });

  it("reads from the middle of a buffer, and writes there", () => {
    const values = Float32Array.of(9, 1, -2, 9).subarray(1, 3);
    const halves = new Uint16Array(4);
    encodeFloat16(values, halves.subarray(1, 3));
    expect([...halves]).toEqual([0, 0x3c00, 0xc000, 0]);
  });
});

it("takes a bfloat16 for the upper half of a float32", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff }), (half) => {
      const [word] = words(decodeBfloat16(Uint16Array.of(half)));
      expect(word).toBe(half * 2 ** 16);
    }),
  );
});
