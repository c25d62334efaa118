/**
 * @file Protocol Buffers' wire format, as far as ONNX and TensorBoard need it: numbers, bytes and messages inside messages.
 *
 * Source: protobuf.dev, "Encoding".
 */

/** How a field's value is laid out; the low three bits of its tag. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const encoder = new TextEncoder();

/** From this size on bytes are kept as they are until the end: weights are many, and would be copied at every level. */
const large = 4096;

/** Bytes that grow as fields are added. What is given is read when it is finished. */
export class ProtobufWriter {
  /** What stands before the bytes in hand. */
  #parts: Uint8Array[] = [];
  #partsLength = 0;
  #bytes = new Uint8Array(256);
  #length = 0;

  /** An integer of up to 53 bits; negative ones take ten bytes, as in int64. */
  integer(field: number, value: number): this {
    this.#tag(field, wire.varint);
    this.#varint(value);
    return this;
  }

  integers(field: number, values: readonly number[]): this {
    const packed = new ProtobufWriter();
    for (const value of values) packed.#varint(value);
    return this.bytes(field, packed.finish());
  }

  float(field: number, value: number): this {
    this.#tag(field, wire.fixed32);
    this.#float(value);
    return this;
  }

  floats(field: number, values: readonly number[]): this {
    const packed = new ProtobufWriter();
    for (const value of values) packed.#float(value);
    return this.bytes(field, packed.finish());
  }

  double(field: number, value: number): this {
    this.#tag(field, wire.fixed64);
    this.#double(value);
    return this;
  }

  doubles(field: number, values: readonly number[]): this {
    const packed = new ProtobufWriter();
    for (const value of values) packed.#double(value);
    return this.bytes(field, packed.finish());
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, wire.bytes);
    this.#varint(value.length);
    if (value.length >= large) return this.#append([value]);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A message inside this one. */
  message(field: number, write: (inside: ProtobufWriter) => unknown): this {
    const inside = new ProtobufWriter();
    write(inside);
    if (inside.#parts.length === 0) return this.bytes(field, inside.finish());
    this.#tag(field, wire.bytes);
    this.#varint(inside.#partsLength + inside.#length);
    return this.#append([...inside.#parts, inside.#bytes.subarray(0, inside.#length)]);
  }

  finish(): Uint8Array {
    const last = this.#bytes.subarray(0, this.#length);
    if (this.#parts.length === 0) return last;
    const whole = new Uint8Array(this.#partsLength + this.#length);
    let offset = 0;
    for (const part of [...this.#parts, last]) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }

  /** Puts the bytes in hand aside, and these behind them, without copying either. */
  #append(parts: readonly Uint8Array[]): this {
    this.#parts.push(this.#bytes.subarray(0, this.#length), ...parts);
    this.#partsLength += parts.reduce((sum, { length }) => sum + length, this.#length);
    this.#bytes = new Uint8Array(256);
    this.#length = 0;
    return this;
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#reserve(10);
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      // Division, not shifts: sizes of tensors go beyond 32 bits.
      for (; value > 127; value = Math.floor(value / 128)) this.#bytes[this.#length++] = (value % 128) | 128;
      this.#bytes[this.#length++] = value;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
    this.#bytes[this.#length++] = Number(rest);
  }

  #float(value: number): void {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  #double(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** One field as read: a number, or bytes that may be text, packed numbers or a message. */
export type ProtobufField =
  | { readonly field: number; readonly type: "integer"; readonly value: number }
  | { readonly field: number; readonly type: "float"; readonly value: number }
  | { readonly field: number; readonly type: "bytes"; readonly value: Uint8Array };

/** A message whose bytes end in the middle of a field, or hold what no field may. */
export class ProtobufError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The fields of a message, in order. 64-bit fixed numbers are passed over: ONNX has them only in tensors' data. */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor = { at: 0 };
  const need = (size: number) => {
    if (cursor.at + size > bytes.length) throw new ProtobufError("the end inside a field", bytes.length);
  };
  while (cursor.at < bytes.length) {
    const begin = cursor.at;
    const tag = readVarint(bytes, cursor);
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case wire.varint:
        yield { field, type: "integer", value: readVarint(bytes, cursor) };
        break;
      case wire.fixed32:
        need(4);
        yield { field, type: "float", value: view.getFloat32(cursor.at, true) };
        cursor.at += 4;
        break;
      case wire.fixed64:
        need(8);
        cursor.at += 8;
        break;
      case wire.bytes: {
        const length = readVarint(bytes, cursor);
        need(length);
        yield { field, type: "bytes", value: bytes.subarray(cursor.at, cursor.at + length) };
        cursor.at += length;
        break;
      }
      default:
        throw new ProtobufError(`field ${field} of an unknown wire type`, begin);
    }
  }
}

/** Packed integers, as in the shapes of tensors. */
export function readPackedIntegers(bytes: Uint8Array): number[] {
  const cursor = { at: 0 };
  const values: number[] = [];
  while (cursor.at < bytes.length) values.push(readVarint(bytes, cursor));
  return values;
}

function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (cursor.at >= bytes.length) throw new ProtobufError("the end inside a number", bytes.length);
    const byte = bytes[cursor.at++];
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return Number(BigInt.asIntN(64, value));
  }
  throw new ProtobufError("a number of more than ten bytes", cursor.at);
}
