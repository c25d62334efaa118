import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CheckpointError } from "./error.ts";
import { formatVersioned, isVersioned, readVersioned, type VersionedFormat } from "./versioned.ts";

const contents = z.strictObject({
  name: z.string(),
  inner: z.strictObject({ size: z.int() }),
  provenance: z.strictObject({ rubato: z.string() }),
});

/** A format in its third version: `size` was `width` at first, and moved into `inner` later. */
const format: VersionedFormat<typeof contents> = {
  name: "test",
  contents,
  upgrades: [
    ({ width, ...rest }) => ({ ...rest, size: width }),
    ({ size, ...rest }) => ({ ...rest, inner: { size } }),
  ],
};

const provenance = { rubato: "0.5.0" };
const newest = { name: "a", inner: { size: 4 }, provenance };
const read = (json: unknown) =>
  readVersioned(format, typeof json === "string" ? json : JSON.stringify(json), "x.json");

describe("a file", () => {
  it("is read back as it was written", () => {
    expect(read(formatVersioned(format, newest))).toEqual(newest);
    expect(JSON.parse(formatVersioned(format, newest))).toMatchObject({ format: "test", version: 3 });
  });

  it.each([
    { format: "test", version: 1, name: "a", width: 4, provenance },
    { format: "test", version: 2, name: "a", size: 4, provenance },
    { format: "test", version: 3, ...newest },
  ])("of version $version is brought to the newest", (json) => {
    expect(read(json)).toEqual(newest);
  });

  it("is not written where it could not be read", () => {
    expect(() => formatVersioned(format, { ...newest, inner: { size: 0.5 } })).toThrow(
      /^invariant: test at inner.size/,
    );
  });
});

describe("what is refused, in one sentence", () => {
  it.each([
    ["no JSON", "{", "found x.json that is not JSON"],
    ["a number", 3, "found x.json without `format: test`"],
    ["another program's file", { architectures: ["GPT2"] }, "found x.json without `format: test`"],
    ["another format", { format: "other", version: 1 }, "found x.json without `format: test`"],
    [
      "a newer version",
      { format: "test", version: 4, provenance, new: 1 },
      "found x.json of version 4, expected at most 3: use Rubato 0.5.0, which wrote it, or a later one",
    ],
    [
      "a newer version that does not say who wrote it",
      { format: "test", version: 4 },
      "use the version of Rubato that wrote it, or a later one",
    ],
    [
      "a key of newer programs",
      { format: "test", version: 3, ...newest, inner: { size: 4, depth: 2 } },
      "found `inner.depth` in x.json, which this version of Rubato does not know: use Rubato 0.5.0",
    ],
    [
      "a damaged file",
      { format: "test", version: 3, ...newest, inner: { size: "4" } },
      "found x.json damaged at `inner.size`, expected what Rubato writes (",
    ],
    [
      "a damaged file of an older version",
      { format: "test", version: 1, name: "a", provenance },
      "found x.json damaged at `inner.size`, expected what Rubato writes (",
    ],
  ])("%s", (_, json, message) => {
    expect(() => read(json)).toThrow(CheckpointError);
    expect(() => read(json)).toThrow(message);
  });
});

it("is recognised in every version, damaged or not", () => {
  expect(isVersioned(format, '{"format":"test","version":9}')).toBe(true);
  expect(isVersioned(format, '{"format":"other"}')).toBe(false);
  expect(isVersioned(format, "{")).toBe(false);
});
