/** @file `rubato export`: files that ONNX Runtime runs alone, and an example that plays one without this package. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCheckpoint } from "../src/checkpoint/index.ts";
import { initialParameters, openModel } from "../src/models/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { exportModel } from "../src/workflows/export/index.ts";

const platform = nodePlatform();
const example = fileURLToPath(new URL("../examples/06-play-an-export.mjs", import.meta.url));
let folder = "";
const at = (name: string) => join(folder, name);

const kinds = {
  lstm: { layers: 2, hiddenSize: 16 },
  transformer: { layers: 2, features: 16, heads: 2, reach: 12 },
} as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rubato-export-"));
  for (const [name, config] of Object.entries(kinds)) {
    const model = openModel(name, { ...config, vocabularySize: 388 });
    await writeCheckpoint(platform, at(name), {
      model: { name, configuration: model.config },
      representation: { name: "performance", configuration: {} },
      controls: [],
      parameters: initialParameters(model, 1),
      provenance: {
        rubato: "0.1.0",
        seed: 1,
        steps: 0,
        tokensSeen: 0,
        command: "test",
        date: "2026-01-01T00:00:00Z",
      },
    });
  }
});

afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.keys(kinds))("an exported %s", (name) => {
  it.each(["float32", "int8"] as const)(
    "is played by a program without this package, in %s",
    async (precision) => {
      const output = at(`${name}-${precision}.onnx`);
      const exported = await exportModel(platform, { model: at(name), output, precision });
      expect(exported.inputs[0]).toBe("tokens");
      // More events than the reach: the ring is written over.
      const played = execFileSync(process.execPath, [example, output, "40"], { encoding: "utf8" });
      const [first, events] = played.trim().split("\n");
      expect(first).toBe(`${name}, 388 tokens`);
      const words = events.split(" ");
      expect(words).toHaveLength(40);
      expect(words.every((word) => /^(note-on|note-off|time-shift|velocity):\d+$/.test(word))).toBe(true);
    },
  );

  it("has a window in one graph", async () => {
    const output = at(`${name}-forward.onnx`);
    await exportModel(platform, { model: at(name), output, graph: "forward", steps: 20 });
    const session = await InferenceSession.create(output);
    expect(session.outputNames).toEqual(["logits"]);
  });
});

it("a graph that a model cannot have, and a name without an ending, are refused", async () => {
  const sampling = exportModel(platform, {
    model: at("transformer"),
    output: at("x.onnx"),
    graph: "sampling",
  });
  await expect(sampling).rejects.toThrow("export its step instead");
  await expect(exportModel(platform, { model: at("lstm"), output: at("x") })).rejects.toThrow(
    "ends in .onnx",
  );
  await expect(exportModel(platform, { model: "pian" })).rejects.toThrow('found no model "pian"');
});
