/** @file CRC-32C (Castagnoli), and how TFRecords mask it. Sources: RFC 3720, B.4; tensorflow/core/lib/hash/crc32c.h. */

/** The polynomial with its bits reversed. */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  return remainder;
});

/** @example crc32c(new TextEncoder().encode("123456789")) → 0xe3069283 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ table[(remainder ^ byte) & 255];
  return ~remainder >>> 0;
}

/** A checksum of bytes that hold their own checksum says little: so it is turned round and moved. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
