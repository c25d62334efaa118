/** @file The laws over ONNX Runtime in Chromium on WebAssembly, with threads and without. */
import { expect, it } from "vitest";
import { RuntimeError } from "../../src/runtime/session.ts";
import { checkGradients } from "../../src/training/check-gradients.ts";
import { describeInBrowser, openBrowserRuntime, withPage } from "./browser-page.ts";
import { describeRuntime } from "./laws.ts";
import { addition, float32, int64, slow } from "./models.ts";

describeInBrowser("onnxruntime-web in Chromium", () => {
  describeRuntime("on WebAssembly with threads", () => openBrowserRuntime(), {
    provider: "wasm",
    threads: 2,
  });

  it("has threads in a page that is isolated, with its files in a folder of their own", async () => {
    await withPage({ wasmPaths: "onnxruntime" }, async ({ runtime, crossOriginIsolated }) => {
      expect(crossOriginIsolated).toBe(true);
      const session = await runtime.open(slow, { threads: 2 });
      const { result } = await session.run({ repeats: int64([], [3n]), one: float32([], [2]) });
      expect(result).toEqual(float32([96, 96], new Array(96 * 96).fill(384)));
    });
  });

  it("has one thread in any other page, where more are no error, and no WebGPU without an adapter", async () => {
    await withPage({ isolated: false }, async ({ runtime, crossOriginIsolated, adapter }) => {
      expect(crossOriginIsolated).toBe(false);
      for (const check of await checkGradients(runtime, { threads: 2 })) expect(check.passed).toBe(true);
      if (adapter !== undefined) return;
      const refusal = runtime.open(addition, { provider: "webgpu" });
      await expect(refusal).rejects.toThrow(RuntimeError);
      await expect(refusal).rejects.toThrow(/webgpu/);
    });
  });

  it("says where it looked for its files and found none", async () => {
    await withPage({ wasmPaths: "/nowhere/" }, async ({ runtime }) => {
      const refusal = runtime.open(addition);
      await expect(refusal).rejects.toThrow(RuntimeError);
      await expect(refusal).rejects.toThrow("/nowhere/ort-wasm-simd-threaded.mjs");
    });
  });
});
