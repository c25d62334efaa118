/** @file TensorBoard, which two READMEs call: it reads our runs itself, and here their curves are shown. */
import { z } from "zod";
import { integer, text } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, plainPath } from "../program.ts";

export const tensorboard = defineProgram({
  names: ["tensorboard"],
  summary: "curves of the runs",
  manner: "absl",
  flags: z.object({
    logdir: text(["--logdir"], "runs", "folder of runs"),
    port: integer(["--port"], "6006", "where TensorBoard serves"),
  }),
  plan({ values: { logdir, port }, around }) {
    const folder = plainPath(logdir ?? "runs", around);
    const at = port === undefined ? "" : ` --port ${port}`;
    return {
      native: [native("runs", { folders: [folder] })],
      remarks: [`TensorBoard reads them as well, where it is installed: tensorboard --logdir ${folder}${at}`],
    };
  },
});
