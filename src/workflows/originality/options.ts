/** @file What `rubato originality` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";

export const originalitySchema = z.object({
  files: z
    .array(z.string().min(1))
    .min(1)
    .describe("files of music, or folders of MIDI files: .mid .midi .kar .rmi .json .txt"),
  against: z
    .string()
    .min(1)
    .describe("a folder made by `rubato prepare`: its train split is what could have been copied"),
});

export type OriginalityInput = z.input<typeof originalitySchema>;
