/** @file `--set key=value`: options of a representation, as they are typed. */
import { z } from "zod";

export const settingsSchema = z
  .array(z.string().regex(/^[^=]+=/, "expected key=value"))
  .default([])
  .describe("an option of the representation, as in velocityBins=0; may be given several times");

/** `key=value` pairs as a configuration; values are read as JSON where they are JSON. */
export function readSettings(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), parseValue(pair.slice(at + 1))];
    }),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
