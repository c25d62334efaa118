import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preludeInC } from "../../test/music/tunes.ts";
import { configurations } from "../../test/suites/configurations.ts";
import { ConfigError, UsageError } from "../util/errors.ts";
import { formatTokens, openRepresentation, parseTokens } from "./index.ts";

function messageOf(text: string): string {
  try {
    parseTokens(text, openRepresentation);
    return "nothing was thrown";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : "";
  }
}

describe.each(Object.entries(configurations))("%s", (name, configs) => {
  test.each(configs)("any tokens come back, with configuration %j", (config) => {
    const representation = openRepresentation(name, config);
    const step = fc.tuple(...representation.fields.map(({ size }) => fc.integer({ min: 0, max: size - 1 })));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const tokens = Int32Array.from(steps.flat());
        const read = parseTokens(formatTokens(representation, tokens), openRepresentation);
        expect(read.tokens).toEqual(tokens);
        expect(read.representation.name).toBe(name);
        expect(read.representation.config).toEqual(representation.config);
      }),
      { numRuns: 50 },
    );
  });

  test("a piece comes back", () => {
    const representation = openRepresentation(name);
    const tokens = representation.encode(preludeInC);
    expect(parseTokens(formatTokens(representation, tokens), openRepresentation).tokens).toEqual(tokens);
  });
});

test("blank lines, remarks, line ends of Windows, and a heading without configuration", () => {
  const text = "\uFEFF# rubato tokens performance\r\n\r\n# the beginning\r\nvelocity:16\r\n  note-on:60 \r\n";
  expect([...parseTokens(text, openRepresentation).tokens]).toEqual([371, 60]);
});

describe("what is wrong is told with its line", () => {
  const head = "# rubato tokens performance {}\n";
  test.each([
    [
      `${head}note-on:60\nnote-onn:61\n`,
      'tokens, line 3: found "note-onn:61", expected the name of a token of `performance`; did you mean "note-on:61"?',
    ],
    [
      `${head}note-on:60 note-on:64\n`,
      "tokens, line 2: found 2 names, expected 1 on each line of `performance`: event",
    ],
    [
      "# rubato tokens notes {}\nshift:0.00000 pitch:60\n",
      "tokens, line 2: found 2 names, expected 4 on each line of `notes`: shift, pitch, velocity, duration",
    ],
    [
      "# rubato tokens notes {}\nshift:0.00000 pitch:60 velocity:99 duration:0.01000\n",
      'tokens, line 2: found "velocity:99" as velocity, expected the name of a token of `notes`; did you mean "velocity:19"?',
    ],
    [
      "hello\n",
      'tokens, line 1: found "hello", expected "# rubato tokens <representation> <configuration>" on its first line',
    ],
    [
      "",
      'tokens, line 1: found "", expected "# rubato tokens <representation> <configuration>" on its first line',
    ],
    [
      "# rubato tokens performance {oops\n",
      'tokens, line 1: found "{oops", expected a configuration as JSON, such as {}',
    ],
    [
      '# rubato tokens performance {"velocityBins":7}\n',
      "representation performance, `velocityBins`: Invalid input",
    ],
  ])("%j", (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  test("an unknown representation", () => {
    expect(() => parseTokens("# rubato tokens perfomance\n", openRepresentation)).toThrow(UsageError);
  });
});
