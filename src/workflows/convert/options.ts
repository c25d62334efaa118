/** @file What `rubato convert` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { settingsSchema } from "../settings.ts";

export const convertSchema = z.object({
  input: z.string().min(1).describe("a file of music: .mid .midi .kar .rmi .json .txt, also with .gz"),
  output: z.string().min(1).describe("the file to write: .mid .midi .json .txt, also with .gz"),
  representation: z
    .string()
    .optional()
    .describe(
      "pass the music through the tokens of this representation, to hear what it keeps; for .txt, which tokens to write (default: performance)",
    ),
  set: settingsSchema,
});

export type ConvertOptions = z.output<typeof convertSchema>;
export type ConvertInput = z.input<typeof convertSchema>;
