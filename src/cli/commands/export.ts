/** @file `rubato export`. */
import { exportModel, exportSchema } from "../../workflows/export/index.ts";
import { defineCommand } from "../command.ts";

export default defineCommand({
  name: "export",
  summary: "write a model as an .onnx file that needs nothing beside it",
  positional: ["model"],
  schema: exportSchema,
  examples: [
    { line: "rubato export piano", does: "piano-step.onnx: a token and a state in, scores and a state out" },
    { line: "rubato export piano --precision int8", does: "a quarter of the size" },
    {
      line: "rubato export last --graph forward --steps 1024",
      does: "a whole window at once, of the newest run",
    },
  ],
  async run(options, { platform, color }) {
    const { path, bytes, inputs, outputs, ...rest } = await exportModel(platform, options);
    return {
      json: { path, bytes, inputs, outputs, ...rest },
      lines: [
        `${path}, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
        color.dim(`in: ${inputs.join(", ")}`),
        color.dim(`out: ${outputs.join(", ")}`),
      ],
    };
  },
});
