import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesAny } from "./patterns.ts";

test.each([
  ["head.weight", "head.weight", true],
  ["head.weight", "head", false],
  ["head.weight", "head.*", true],
  ["overhead.weight", "head.*", false],
  ["decoder.head.weight", "*.head.*", true],
  ["blocks.0.attention.query.weight", "blocks.*.weight", true],
  ["blocks.0.attention.query.bias", "blocks.*.weight", false],
  ["embedding", "*embedding*", true],
  ["headXweight", "head.weight", false],
  ["aba", "ab*ba", false],
  ["abba", "ab*ba", true],
  ["aXbXc", "a*b*c", true],
  ["aXcXb", "a*b*c", false],
  ["", "*", true],
  ["a", "**", true],
])("%j by %j: %j", (name, pattern, matches) => {
  expect(matchesAny(name, [pattern])).toBe(matches);
});

test("one of several patterns is enough, none is never", () => {
  expect(matchesAny("b", ["a", "b"])).toBe(true);
  expect(matchesAny("b", [])).toBe(false);
});

test("agrees with a regular expression", () => {
  const word = fc.array(fc.constantFrom("a", "b", "."), { maxLength: 6 }).map((letters) => letters.join(""));
  const parts = fc.array(word, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(word, parts, (name, parts) => {
      const expression = new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join(".*")}$`);
      expect(matchesAny(name, [parts.join("*")])).toBe(expression.test(name));
    }),
    { numRuns: 1000 },
  );
});
