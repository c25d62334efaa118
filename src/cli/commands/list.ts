/** @file `rubato list`. */
import { z } from "zod";
import { representations } from "../../representations/index.ts";
import { defineCommand } from "../command.ts";
import { table } from "../table.ts";

const kinds = {
  representations: () => Object.values(representations),
};

export default defineCommand({
  name: "list",
  summary: "list what there is of a kind, with its options",
  positional: ["kind"],
  schema: z.object({ kind: z.enum(["representations"]).describe("what to list: representations") }),
  examples: [{ line: "rubato list representations", does: "how music becomes tokens" }],
  async run({ kind }) {
    const things = kinds[kind]().map(({ name, summary, schema }) => ({ name, summary, options: schema }));
    return {
      json: things,
      lines: table(
        ["name", "what it is"],
        things.map(({ name, summary }) => [name, summary]),
      ),
    };
  },
});
