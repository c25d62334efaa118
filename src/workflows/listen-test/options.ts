/** @file What `rubato listen-test` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { soundOptions } from "../render/sound-options.ts";

/** Of the page, unless another is asked. */
const question = "Which do you like better?";

export const listenTestSchema = z.object({
  systems: z
    .array(z.string().min(1))
    .describe("two or more folders of MIDI files, or single files: each is a system"),
  out: z
    .string()
    .min(1)
    .describe("folder of the page, made anew; what each sound is stands beside it, in <out>.key.json"),
  pairs: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe("pairs of excerpts that a listener hears; more where systems could not meet equally often"),
  seconds: z.number().min(1).max(600).default(20).describe("of an excerpt, at most"),
  seed: z.int().default(0).describe("draws the excerpts"),
  question: z.string().min(1).max(200).default(question).describe("what listeners are asked of each pair"),
  ...soundOptions,
});

export const listenResultsSchema = z.object({
  answers: z.array(z.string().min(1)).describe("files that the page exported, or folders of them"),
  key: z.string().min(1).describe("the <out>.key.json that was written with the page"),
  confidence: z.number().gt(0).lt(1).default(0.95).describe("of the intervals"),
  seed: z.int().default(0).describe("draws listeners and answers again, for the intervals"),
});

export type ListenTestInput = z.input<typeof listenTestSchema>;
export type ListenTestOptions = z.output<typeof listenTestSchema>;
export type ListenResultsInput = z.input<typeof listenResultsSchema>;
