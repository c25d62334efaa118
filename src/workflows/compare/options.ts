/** @file What `rubato compare` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { type MetricName, metrics } from "../../metrics/index.ts";

const metricNames = Object.keys(metrics).filter((name): name is MetricName => name in metrics);

export const compareSchema = z.object({
  performances: z
    .array(z.string().min(1))
    .min(1)
    .describe("folders of MIDI files, or single files: each is a system, and they stand side by side"),
  against: z
    .string()
    .min(1)
    .describe("a folder made by `rubato prepare`, with a train and a validation split"),
  excerpts: z.int().min(1).default(64).describe("excerpts of each system, drawn with the seed"),
  notes: z.int().min(2).default(512).describe("notes of an excerpt"),
  metric: z
    .array(z.enum(metricNames))
    .min(1)
    .optional()
    .describe("only these, of `rubato list metrics`; all of them unless given"),
  classifier: z
    .boolean()
    .default(true)
    .describe("train a classifier to tell each system from real music, some seconds each"),
  confidence: z.number().gt(0).lt(1).default(0.95).describe("of the intervals"),
  resamples: z.int().min(100).default(1000).describe("how often excerpts are drawn again for the intervals"),
  seed: z.int().default(0).describe("draws the excerpts"),
  report: z
    .string()
    .min(1)
    .optional()
    .describe("write an .html page here: plots, piano rolls and sound, all in one file"),
});

export type CompareOptions = z.output<typeof compareSchema>;
export type CompareInput = z.input<typeof compareSchema>;
