/** @file TFRecord: bytes with their length before them, and a checksum behind each. Source: tensorflow/core/lib/io/record_writer.h. */
import { maskedCrc32c } from "./crc32c.ts";

const headSize = 12;
const footSize = 4;

export function frameRecord(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(headSize + bytes.length + footSize);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(bytes, headSize);
  view.setUint32(headSize + bytes.length, maskedCrc32c(bytes), true);
  return framed;
}
