import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TensorData } from "../../runtime/session.ts";
import { buffersOf, compact, tensorAt, unshared } from "./tensors.ts";

const type = fc.constantFrom<TensorData["type"][]>(
  "float32",
  "float64",
  "float16",
  "int8",
  "uint8",
  "int32",
  "int64",
  "bool",
);

/** Tensors that lie somewhere in a buffer, which may be shared, or be longer than they are. */
const tensor = fc
  .record({
    type,
    bytes: fc.uint8Array({ maxLength: 64 }),
    before: fc.nat({ max: 3 }),
    after: fc.nat({ max: 3 }),
    shared: fc.boolean(),
  })
  .map(({ type, bytes, before, after, shared }): TensorData => {
    const byteLength = bytes.length - (bytes.length % 8);
    const length = 8 * before + byteLength + 8 * after;
    const buffer = shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
    new Uint8Array(buffer).set(bytes.subarray(0, byteLength), 8 * before);
    const found = tensorAt({ buffer, byteOffset: 8 * before, byteLength }, type, [1]);
    if (found === undefined) throw new Error(`${type} is not known`);
    return found;
  });

const bytesOf = ({ data }: TensorData) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

describe("tensors on their way", () => {
  it("keep their bytes, fill their buffers, and leave the originals alone", () => {
    fc.assert(
      fc.property(tensor, (given) => {
        const before = bytesOf(given);
        const { moved } = compact({ moved: given });
        expect({ ...moved, data: bytesOf(moved) }).toEqual({ ...given, data: before });
        expect(moved.data.constructor).toBe(given.data.constructor);
        expect(moved.data.buffer).toBeInstanceOf(ArrayBuffer);
        expect(moved.data.buffer.byteLength).toBe(moved.data.byteLength);
        structuredClone(moved.data, { transfer: moved === given ? [] : buffersOf({ moved }) });
        expect(bytesOf(given)).toEqual(before);
      }),
    );
  });

  it("leave shared memory, and stay where they are otherwise", () => {
    fc.assert(
      fc.property(tensor, (given) => {
        const moved = unshared(given);
        expect(bytesOf(moved)).toEqual(bytesOf(given));
        expect(moved.data.buffer).toBeInstanceOf(ArrayBuffer);
        expect(moved === given).toBe(given.data.buffer instanceof ArrayBuffer);
      }),
    );
  });

  it("are copied out of the pool that Node's buffers share", () => {
    const data = Buffer.from("pooled");
    const { moved } = compact({ moved: { type: "uint8", shape: [6], data } });
    expect(moved.data.buffer.byteLength).toBe(6);
    expect(Buffer.from(moved.data.buffer).toString()).toBe("pooled");
  });

  it("hand over a buffer once, whoever shares it", () => {
    const data = new Float32Array(4);
    const whole: TensorData = { type: "float32", shape: [4], data };
    const half: TensorData = { type: "float32", shape: [2], data: data.subarray(2) };
    expect(buffersOf({ whole, half })).toEqual([data.buffer]);
  });

  it("of a type that is not ours are none", () => {
    expect(tensorAt(new Uint16Array(2), "uint16", [2])).toBeUndefined();
  });
});
