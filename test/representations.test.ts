import { describe, expect, test } from "vitest";
import {
  openRepresentation,
  type RepresentationName,
  representations,
} from "../src/representations/index.ts";
import { configurations } from "./suites/configurations.ts";
import { representationLaws } from "./suites/representation.ts";
import { readings } from "./suites/validity.ts";

// The keys of an object are strings to the compiler: the lookup says which of them are names.
const isName = (name: string): name is RepresentationName => name in representations;

for (const name of Object.keys(representations).filter(isName)) {
  for (const config of configurations[name]) {
    representationLaws(
      `${name} ${JSON.stringify(config)}`,
      () => openRepresentation(name, config),
      readings[name],
    );
  }
}

describe("opening", () => {
  test.each(Object.entries(representations))("%s says what it is", (name, definition) => {
    expect(definition.name).toBe(name);
    expect(definition.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(definition.schema).toMatchObject({ type: "object" });
    const { properties } = definition.schema;
    for (const option of Object.values(properties ?? {})) {
      expect(option).toMatchObject({ description: expect.any(String), default: expect.anything() });
    }
  });

  test("defaults are filled in", () => {
    expect(openRepresentation("performance").config).toEqual({
      velocityBins: 32,
      decodeVelocity: "centre",
      programs: "one",
      sustain: true,
    });
  });

  test.each([
    [
      "performence",
      undefined,
      "UsageError",
      /^found representation "performence", .*; did you mean "performance"\?$/,
    ],
    [
      "constructor",
      undefined,
      "UsageError",
      /^found representation "constructor", expected one of performance, /,
    ],
    ["performance", { velocityBins: 16 }, "ConfigError", /^representation performance, `velocityBins`: /],
    [
      "performance",
      { velocitybins: 0 },
      "ConfigError",
      /^representation performance, its configuration: .*velocitybins/,
    ],
    ["notes", [], "ConfigError", /^representation notes, its configuration: /],
    ["notes", null, "ConfigError", /^representation notes, its configuration: /],
  ])("%s with %j: %s", (name, config, error, message) => {
    expect(() => openRepresentation(name, config)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message), exitCode: 2 }),
    );
  });
});
