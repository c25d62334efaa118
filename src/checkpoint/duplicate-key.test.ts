import fc from "fast-check";
import { expect, it } from "vitest";
import { findDuplicateKey } from "./duplicate-key.ts";

it.each([
  ['{"a":1,"b":2,"a":3}', "a"],
  ['{"a":{"x":1},"b":[{"y":1,"y":2}]}', "y"],
  ['{"a\\"}":0,"a\\u0022}":0}', 'a"}'],
  ['{"\\\\":0,"b":"\\\\","\\\\" : 1}', "\\"],
])("finds the key in %s", (json, key) => {
  expect(JSON.parse(json)).toBeTypeOf("object");
  expect(findDuplicateKey(json)).toBe(key);
});

it.each([
  '{"a":{"a":["a","a",{"a":"a"}]},"b":{"a":"a:"}}',
  '{"a":":","b":"{\\"c\\":1,\\"c\\":2}","c":[[],[]]}',
])("finds none in %s", (json) => {
  expect(JSON.parse(json)).toBeTypeOf("object");
  expect(findDuplicateKey(json)).toBeUndefined();
});

it("finds none in what is written from values, and the one that is put in", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, key) => {
      expect(findDuplicateKey(json)).toBeUndefined();
      const name = JSON.stringify(key);
      expect(findDuplicateKey(`[${json}, { ${name} :${json},${name}:0}]`)).toBe(key);
    }),
  );
});

it("does not run out of stack on a string of a million escapes", () => {
  expect(findDuplicateKey(`{"a":"${'\\"'.repeat(1_000_000)}","a":0}`)).toBe("a");
});
