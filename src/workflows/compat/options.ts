/** @file What `rubato compat` can be asked before the foreign line begins: defaults, types and help are written here. */
import { z } from "zod";
import { systems } from "./systems/index.ts";

export const compatSchema = z.object({
  command: z
    .array(z.string())
    .min(1)
    .describe("the line as its README prints it, `python` included; all that follows belongs to it"),
  system: z
    .enum(systems.map(({ name }) => name))
    .optional()
    .describe("whose line it is, where two systems share one"),
  seed: z
    .string()
    .regex(/^\d{1,15}$/, "expected a whole number from 0 on")
    .optional()
    .describe("where randomness begins; drawn anew and printed unless given"),
  set: z
    .array(z.string().regex(/^[^=]+=/, "expected key=value"))
    .default([])
    .describe(
      "an option of the training's configuration, as in training.steps=100, laid over the line; may be given several times",
    ),
  dryRun: z.boolean().default(false).describe("print what the line stands for, and do nothing"),
});

export type CompatOptions = z.output<typeof compatSchema>;
