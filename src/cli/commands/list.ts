/** @file `rubato list`. */
import { z } from "zod";
import { controls } from "../../controls/index.ts";
import { metrics } from "../../metrics/index.ts";
import { models } from "../../models/index.ts";
import { optimisers, schedules } from "../../optim/index.ts";
import { representations } from "../../representations/index.ts";
import { processors } from "../../workflows/generate/index.ts";
import { defineCommand } from "../command.ts";
import { describeOptions } from "../schema-options.ts";
import { wrap } from "../wrap.ts";

interface Listed {
  readonly name: string;
  readonly summary: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

const kinds = {
  representations,
  controls,
  models,
  optimisers,
  schedules,
  processors,
  metrics,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Listed>>>>;

export default defineCommand({
  name: "list",
  summary: "list what there is of a kind, with its options",
  positional: ["kind"],
  schema: z.object({
    kind: z
      .enum(["representations", "controls", "models", "optimisers", "schedules", "processors", "metrics"])
      .describe(
        "what to list: representations, controls, models, optimisers, schedules, processors or metrics",
      ),
  }),
  examples: [
    { line: "rubato list representations", does: "how music becomes tokens" },
    { line: "rubato list controls", does: "what a model can be told about the music to come" },
    { line: "rubato list models", does: "what can be trained" },
    { line: "rubato list processors", does: "how the next event is drawn" },
    { line: "rubato list metrics", does: "what is compared with music that people played" },
    { line: "rubato list representations --json", does: "with the JSON Schema of each configuration" },
  ],
  async run({ kind }, { color, width }) {
    const things: readonly Listed[] = Object.values(kinds[kind]);
    return {
      json: things.map(({ name, summary, schema }) => ({ name, summary, options: schema })),
      lines: things.flatMap(({ name, summary, schema }, i) => [
        ...(i > 0 ? [""] : []),
        color.bold(name),
        ...wrap(summary, Math.min(width, 100), "  "),
        ...describeOptions(schema, { color, width: Math.min(width, 100) }),
      ]),
    };
  },
});
