/**
 * @file Half precision: IEEE 754 binary16 to and from float32, and bfloat16 to float32.
 *
 * A half has a sign, 5 bits of exponent (bias 15) and 10 bits of significand; a float32 has 8 (bias 127) and 23. NaN is
 * handled as bits, for arithmetic may change its payload.
 */

/** The largest finite half. */
export const largestFloat16 = 65504;

/** From here on every magnitude, as bits of a float32, is 2^16 or more: infinity, or NaN. */
const overflow = (127 + 16) << 23;
const infinity = 0xff << 23;
/** 2^-14, the smallest normal half, as bits of a float32. */
const smallestNormal = (127 - 14) << 23;
/** What turns the exponent of a half into that of a float32, at its place there. */
const rebias = (127 - 15) << 23;

/**
 * Rounds to the nearest half, and to the even one of two equally near. What is too large becomes infinite, what is too
 * small a zero of its sign.
 *
 * @param halves where the bits go: as many as there are values.
 */
export function encodeFloat16<Target extends Uint16Array>(values: Float32Array, halves: Target): Target {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const magnitude = words[i] & 0x7fffffff;
    halves[i] = ((words[i] >>> 16) & 0x8000) | encodeMagnitude(magnitude, values[i]);
  }
  return halves;
}

function encodeMagnitude(magnitude: number, value: number): number {
  if (magnitude >= smallestNormal && magnitude < overflow) {
    // Half a unit less one, and one more where the last kept bit is odd: ties go to even. A carry out of the
    // significand raises the exponent, as it should.
    const odd = (magnitude >>> 13) & 1;
    return (magnitude - rebias + 0xfff + odd) >>> 13;
  }
  if (magnitude < smallestNormal) return subnormal(Math.abs(value));
  if (magnitude <= infinity) return 0x7c00;
  // NaN keeps the upper bits of its payload; one more bit where none is left, or it would read as infinity.
  return 0x7c00 | ((magnitude >>> 13) & 0x3ff || 1);
}

/** Multiples of 2^-24. Adding 2^52 lets the processor round a double to an integer, ties to even. */
function subnormal(value: number): number {
  return value * 2 ** 24 + 2 ** 52 - 2 ** 52;
}

/** Exact: each half is a float32 too. */
export function decodeFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    const exponent = half & 0x7c00;
    if (exponent === 0) values[i] = (sign < 0 ? -1 : 1) * (half & 0x3ff) * 2 ** -24;
    else if (exponent === 0x7c00) words[i] = sign | infinity | ((half & 0x3ff) << 13);
    else words[i] = sign | (((half & 0x7fff) << 13) + rebias);
  }
  return values;
}

/** Exact: a bfloat16 is the upper half of a float32. */
export function decodeBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16;
  return values;
}
