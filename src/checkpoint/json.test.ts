import fc from "fast-check";
import { expect, it } from "vitest";
import { expectJson } from "./json.ts";

it("lets pass what JSON gives back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expectJson(value, "state");
    }),
  );
  expectJson({ left: { out: undefined } }, "state");
});

it.each([
  [{ best: Number.POSITIVE_INFINITY }, "state.best is Infinity"],
  [{ losses: [1, Number.NaN] }, "state.losses.1 is NaN"],
  [[undefined], "state.0 is undefined"],
  [{ seen: new Map() }, "state.seen is object"],
  [{ at: 1n }, "state.at is bigint"],
  [undefined, "state is undefined"],
])("names what JSON would change", (value, message) => {
  expect(() => expectJson(value, "state")).toThrow(`invariant: ${message}`);
});
