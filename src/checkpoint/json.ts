/** @file What JSON can hold: `JSON.stringify` turns an infinity or a Map into something else without a word. */
import { invariant } from "../util/errors.ts";

/** Fails where `value` would not come back from JSON as it was. Properties that are undefined are left out there. */
export function expectJson(value: unknown, where: string): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number") {
    invariant(Number.isFinite(value), `${where} is ${value}, which JSON cannot hold`);
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => {
      expectJson(item, `${where}.${i}`);
    });
  } else {
    invariant(isPlain(value), `${where} is ${typeof value} that JSON cannot hold`);
    for (const [key, property] of Object.entries(value)) {
      if (property !== undefined) expectJson(property, `${where}.${key}`);
    }
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
