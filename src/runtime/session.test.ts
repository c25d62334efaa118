/** @file What is said of feeds that do not fit. */
import { expect, it } from "vitest";
import type { Value } from "../onnx/model.ts";
import { checkFeeds, type NamedTensors } from "./session.ts";

const inputs: readonly Value[] = [
  { name: "tokens", type: "int32", shape: ["batch"] },
  { name: "state", type: "float32", shape: ["batch", 2] },
];
const feeds = (batch: number, rows: number): NamedTensors => ({
  tokens: { type: "int32", shape: [batch], data: new Int32Array(batch) },
  state: { type: "float32", shape: [rows, 2], data: new Float32Array(rows * 2) },
});

it("a size with a name may be any, but one only; the message says which it was before", () => {
  const session = { inputs, outputs: [] };
  expect(() => checkFeeds(session, feeds(3, 3))).not.toThrow();
  expect(() => checkFeeds(session, feeds(3, 4))).toThrow(
    '"state" was fed float32[4, 2] of 8 numbers, expected float32[batch = 3, 2]: mind type and shape',
  );
});
