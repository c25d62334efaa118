/** @file What `rubato render` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { adjustmentOptions } from "./adjust.ts";
import { soundOptions } from "./sound-options.ts";

export const renderSchema = z.object({
  input: z.string().min(1).describe("a file of music: .mid .midi .kar .rmi .json .txt, also with .gz"),
  wav: z
    .string()
    .min(1)
    .optional()
    .describe("write a .wav of 16 bits here (default: beside the input, unless there is an --mp3)"),
  mp3: z.string().min(1).optional().describe("write an .mp3 of 192 kbit/s here"),
  plot: z.string().min(1).optional().describe("draw the piano roll into this .svg or .png"),
  ...adjustmentOptions,
  ...soundOptions,
});

export type RenderInput = z.input<typeof renderSchema>;
export type RenderSettings = z.output<typeof renderSchema>;
