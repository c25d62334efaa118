/** @file Tokens as readable text. */
import { formatTokens, openRepresentation, parseTokens } from "../../representations/index.ts";
import { invariant } from "../../util/errors.ts";
import type { FileFormat } from "./format.ts";
import { gunzipped } from "./gzip.ts";

export const tokensFormat: FileFormat = {
  name: "tokens",
  label: "readable tokens",
  endings: [".txt"],
  readOnly: [],
  representation: "performance",
  read(bytes) {
    const text = new TextDecoder().decode(gunzipped(bytes));
    const { representation, tokens } = parseTokens(text, openRepresentation);
    return { performance: representation.decode(tokens), title: "", warnings: [], representation };
  },
  write(_, { encoded }) {
    invariant(encoded, "tokens are written of music that was not encoded");
    return new TextEncoder().encode(formatTokens(encoded.representation, encoded.tokens));
  },
};
