/** @file JSON from outside, on its way to a schema. */

/** What a text says; undefined where it is not JSON, which every schema refuses. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
