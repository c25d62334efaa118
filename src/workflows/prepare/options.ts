/** @file What `rubato prepare` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { settingsSchema } from "../settings.ts";

export const prepareSchema = z.object({
  source: z.string().min(1).describe("folder or .zip of MIDI files, or `maestro` together with --download"),
  more: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "more folders or archives, joined with the first; each keeps its own splits, where it has such",
    ),
  out: z.string().min(1).optional().describe("folder of the corpus (default: corpora/<name of the source>)"),
  representation: z
    .string()
    .default("performance")
    .describe("how music becomes tokens: see `rubato list representations`"),
  set: settingsSchema,
  composer: z
    .array(z.string().min(1))
    .default([])
    .describe("only composers (or folders) whose name contains this; may be given several times"),
  play: z
    .array(z.string().regex(/^.+=(\d{1,3}|drums)$/, "expected track=program, as in MELODY=73 or KIT=drums"))
    .default([])
    .describe(
      "have the tracks of a name played by another program, as in MELODY=73; may be given several times: tracks of one program are one player to `multitrack`",
    ),
  list: z.boolean().default(false).describe("list composers with their pieces and hours, and stop"),
  split: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe("share of pieces for training, where the data set has no official split"),
  segments: z
    .number()
    .positive()
    .optional()
    .describe("cut pieces into segments of this many seconds, as Magenta's 30"),
  limit: z.int().positive().optional().describe("take only the first so many files of each source"),
  seed: z.int().default(0).describe("seed of the split"),
  workers: z.int().positive().optional().describe("threads (default: all cores, if there is work for them)"),
  download: z.boolean().default(false).describe("fetch the official MAESTRO archive first"),
  url: z.string().optional().describe("fetch the archive from this address instead"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "expected 64 hexadecimal digits")
    .optional()
    .describe("checksum of the archive at --url"),
});

export type PrepareOptions = z.output<typeof prepareSchema>;
export type PrepareInput = z.input<typeof prepareSchema>;
