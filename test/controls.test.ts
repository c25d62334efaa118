import { describe, expect, test } from "vitest";
import { type ControlName, controls, controlsFor, openControl } from "../src/controls/index.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { controlLaws } from "./suites/control.ts";

type Transposed = (row: readonly number[], semitones: number) => readonly number[];

const unmoved: Transposed = (row) => row;
const rolled: Transposed = (row, semitones) => row.map((_, pitch) => row[(pitch - semitones + 24) % 12]);

/** The configurations in which a control has to keep the laws, and what transposing does to it. A new one brings its line. */
const cases: Readonly<
  Record<ControlName, { readonly configs: readonly object[]; readonly transposed: Transposed }>
> = {
  "mean-velocity": { configs: [{}, { windowSeconds: 0.01 }], transposed: unmoved },
  "inter-onset": { configs: [{}, { windowSeconds: 0.01 }, { windowSeconds: 3600 }], transposed: unmoved },
  composer: { configs: [{}, { names: ["Clara Schumann"] }], transposed: unmoved },
  "note-density": { configs: [{}, { windowSeconds: 0.01 }, { windowSeconds: 3600 }], transposed: unmoved },
  "pitch-class-histogram": {
    configs: [{}, { windowSeconds: 0.01 }, { windowSeconds: 3600 }, { prior: 0 }],
    transposed: rolled,
  },
};

for (const [name, { configs, transposed }] of Object.entries(cases)) {
  for (const config of configs) {
    controlLaws(`${name} ${JSON.stringify(config)}`, () => openControl(name, config), transposed);
  }
}

describe("opening", () => {
  test.each(Object.entries(controls))("%s says what it is", (name, definition) => {
    expect(definition.name).toBe(name);
    expect(definition.summary).toMatch(/^[A-Z].*[^.]$/);
    const { properties } = definition.schema;
    for (const option of Object.values(properties ?? {})) {
      expect(option).toMatchObject({ description: expect.any(String), default: expect.anything() });
    }
  });

  test.each([
    [
      "note-densty",
      undefined,
      "UsageError",
      /^found control "note-densty", .*; did you mean "note-density"\?$/,
    ],
    ["note-density", { windowSeconds: 0 }, "ConfigError", /^control note-density, `windowSeconds`: /],
    ["note-density", { window: 3 }, "ConfigError", /^control note-density, its configuration: .*window/],
  ])("%s with %j: %s", (name, config, error, message) => {
    expect(() => openControl(name, config)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message), exitCode: 2 }),
    );
  });
});

describe("controls for a representation", () => {
  const names = ["note-density", "pitch-class-histogram"];

  test("in the order in which they were chosen, with a configuration of their own", () => {
    const chosen = controlsFor(openRepresentation("performance-pedal"), [
      "pitch-class-histogram",
      { name: "note-density", config: { windowSeconds: 2 } },
    ]);
    expect(chosen.map(({ name, size, config }) => ({ name, size, config }))).toEqual([
      { name: "pitch-class-histogram", size: 12, config: { windowSeconds: 5, prior: 0.01 } },
      { name: "note-density", size: 8, config: { windowSeconds: 2 } },
    ]);
  });

  test("are refused in one sentence where it has no timeline", () => {
    const notes = openRepresentation("notes");
    expect(() => controlsFor(notes, names)).toThrow(
      expect.objectContaining({
        name: "UsageError",
        message:
          "found `note-density` and `pitch-class-histogram` with representation `notes`, " +
          "expected a stream of events such as `performance`: controls follow its time shifts",
      }),
    );
    expect(controlsFor(notes, [])).toEqual([]);
  });
});
