import { expect, test } from "vitest";
import { base64 } from "./base64.ts";

test.each([0, 1, 2, 3, 12_287, 12_288, 12_289, 30_000])("%i bytes are as Node writes them", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 89) % 256);
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});
