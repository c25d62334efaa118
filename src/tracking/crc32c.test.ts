/** @file The checksum against the numbers of RFC 3720, appendix B.4. */
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";

describe("crc32c", () => {
  it.each([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["ascending", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["descending", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ["digits", new TextEncoder().encode("123456789"), 0xe3069283],
  ])("of %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});
