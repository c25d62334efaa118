/** @file What `rubato inspect` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";

export const inspectSchema = z.object({
  path: z
    .string()
    .min(1)
    .describe(
      "a file of music (MIDI, NoteSequence JSON, tokens), a corpus, or a folder or .zip of MIDI files",
    ),
  plot: z.string().min(1).optional().describe("draw the piano roll of a file into this .svg or .png"),
  from: z.number().min(0).optional().describe("second at which the piano roll begins (default: 0)"),
  to: z.number().positive().optional().describe("second at which the piano roll ends (default: the end)"),
  seed: z.int().default(0).describe("seed of the sample from which a corpus's tokens are counted"),
});

export type InspectOptions = z.output<typeof inspectSchema>;
export type InspectInput = z.input<typeof inspectSchema>;
