/** @file What `rubato runs` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";

export const runsSchema = z.object({
  folders: z
    .array(z.string().min(1))
    .min(1)
    .default(["runs"])
    .describe("a folder of runs, or runs: one to look at closely, several to compare (default: runs)"),
  plot: z.string().min(1).optional().describe("draw the curves into this .svg or .png"),
});

export type RunsInput = z.input<typeof runsSchema>;
