import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { addition, float32, modelOf, node, value } from "../../../../test/runtime/models.ts";
import { encodeModel } from "../../../onnx/encode.ts";
import { RuntimeError } from "../../../runtime/session.ts";
import { openDirect } from "./direct.ts";

const { onnx } = onnxProto;

/** A graph that hands its input on, with types or sizes as our writer does not write them. */
function foreign(change: (tensor: onnxProto.onnx.TypeProto.ITensor) => void): Uint8Array {
  const graph = modelOf({
    nodes: [node("Identity", ["given"], ["same"])],
    inputs: [value("given", "int32", "rows", "columns")],
    outputs: [value("same", "int32", "rows", "columns")],
  });
  const model = onnx.ModelProto.decode(encodeModel(graph));
  for (const { type } of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
    if (type?.tensorType) change(type.tensorType);
  }
  return onnx.ModelProto.encode(model).finish();
}

describe("a session in this thread", () => {
  it("opens the bytes of a file, and reads from them what goes in and out", async () => {
    const session = await openDirect(encodeModel(addition));
    expect({ inputs: session.inputs, outputs: session.outputs }).toEqual({
      inputs: addition.graph.inputs,
      outputs: addition.graph.outputs,
    });
    const ones = float32([1, 2], [1, 1]);
    const { sum } = await session.run({ left: ones, right: ones });
    expect(sum).toEqual(float32([1, 2], [2, 2]));
    await session.dispose();
  });

  it.each(["always", "within runs", "never"] as const)(
    "computes the same where threads spin %s",
    async (spinning) => {
      const session = await openDirect(encodeModel(addition), { threads: 2, spinning });
      const { sum } = await session.run({ left: float32([1, 2], [1, 2]), right: float32([1, 2], [3, 4]) });
      expect(sum).toEqual(float32([1, 2], [4, 6]));
      await session.dispose();
    },
  );

  it("reads Node's buffers", async () => {
    const model = modelOf({
      nodes: [node("Identity", ["given"], ["same"])],
      inputs: [value("given", "uint8", 3)],
      outputs: [value("same", "uint8", 3)],
    });
    const session = await openDirect(model);
    const { same } = await session.run({ given: { type: "uint8", shape: [3], data: Buffer.from("abc") } });
    expect(same).toEqual({ type: "uint8", shape: [3], data: Uint8Array.of(97, 98, 99) });
    await session.dispose();
  });

  it("refuses bytes that are no model in one sentence", async () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(1, 2, 3)]) {
      const refusal = openDirect(bytes);
      await expect(refusal).rejects.toThrow(RuntimeError);
      await expect(refusal).rejects.toThrow(
        /^ONNX Runtime did not open the model with provider "cpu" \([^\n]+$/,
      );
    }
  });

  it("gives sizes without a name one each, so that they need not agree", async () => {
    const session = await openDirect(
      foreign(({ shape }) => {
        shape?.dim?.splice(0, 2, {}, {});
      }),
    );
    expect(session.inputs).toEqual([value("given", "int32", "given:0", "given:1")]);
    const given = { type: "int32", shape: [1, 2], data: Int32Array.of(3, 4) } as const;
    expect(await session.run({ given })).toEqual({ same: given });
    await session.dispose();
  });

  it("refuses a model of element types that are not ours", async () => {
    const uint16 = 4;
    const refusal = openDirect(
      foreign((tensor) => {
        tensor.elemType = uint16;
      }),
    );
    await expect(refusal).rejects.toThrow(RuntimeError);
    await expect(refusal).rejects.toThrow('"given" is of type uint16, expected one of float32,');
  });
});
