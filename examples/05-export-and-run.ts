/**
 * @file A model becomes a checkpoint, the checkpoint an .onnx file, and ONNX Runtime alone runs that.
 *
 *   npx tsx examples/05-export-and-run.ts
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { openRepresentation } from "rubato";
import { fitParameters, readCheckpoint, writeCheckpoint } from "rubato/checkpoint";
import { exportStep, initialParameters, openModel } from "rubato/models";
import { nodePlatform } from "rubato/node";
import { encodeModel } from "rubato/onnx";

const folder = mkdtempSync(join(tmpdir(), "rubato-example-"));
const platform = nodePlatform();
const representation = openRepresentation("performance");

// A small model with its first, random weights, and where it came from.
const made = openModel("lstm", { vocabularySize: representation.vocabularySize, layers: 2, hiddenSize: 32 });
const path = join(folder, "checkpoint");
await writeCheckpoint(platform, path, {
  model: { name: made.name, configuration: made.config },
  representation: { name: representation.name, configuration: representation.config },
  controls: [],
  provenance: {
    rubato: "0.1.0",
    seed: 1,
    steps: 0,
    tokensSeen: 0,
    command: "npx tsx examples/05-export-and-run.ts",
    date: new Date().toISOString(),
  },
  parameters: initialParameters(made, 1),
});
console.log(`checkpoint: ${readdirSync(path).join(", ")}`);

// Whoever finds the folder needs nothing else to make the model again.
const checkpoint = await readCheckpoint(platform, path);
const model = openModel(checkpoint.model.name, checkpoint.model.configuration);
const shapes = Object.fromEntries(Object.entries(model.parameters).map(([name, { shape }]) => [name, shape]));
const parameters = fitParameters(shapes, checkpoint.parameters);
const file = join(folder, "step.onnx");
writeFileSync(file, encodeModel(exportStep(model, parameters, { batch: 1 })));

// From here on, ONNX Runtime's own interface: the file is all that it needs.
const session = await InferenceSession.create(file);
console.log(`step.onnx: ${statSync(file).size} bytes, ${session.inputNames.join(", ")}`);
const state: Record<string, Tensor> = {};
for (const each of session.inputMetadata) {
  if (!each.isTensor || !each.name.startsWith("state.")) continue;
  const sizes = each.shape.map(Number);
  state[each.name] = new Tensor("float32", new Float32Array(sizes[0] * sizes[1]), sizes);
}
const grammar = representation.grammar("piece");
let token = 371; // velocity:16
const played = [token];
while (played.length < 12) {
  grammar.advance(token);
  const { logits, ...after } = await session.run({
    tokens: new Tensor("int32", Int32Array.of(token), [1]),
    ...state,
  });
  for (const [name, tensor] of Object.entries(after)) state[name.replace("after.", "state.")] = tensor;
  const allowed = grammar.allowed();
  token = best(Array.from(allowed, (is, each) => (is ? Number(logits.data[each]) : -Infinity)));
  played.push(token);
}
await session.release();
rmSync(folder, { recursive: true });
console.log(`untrained, it plays: ${played.map((each) => representation.describe(each)).join(" ")}`);

/** The place of the largest. */
function best(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
