/** @file The laws over ONNX Runtime in Chromium on WebGPU, and the gradients, which one build of it gets wrong. */
import { describe, expect, it } from "vitest";
import { RuntimeError } from "../../src/runtime/session.ts";
import { checkGradients } from "../../src/training/check-gradients.ts";
import { describeInBrowser, openBrowserRuntime, withPage } from "./browser-page.ts";
import { describeRuntime } from "./laws.ts";
import { float32, int64, reshape } from "./models.ts";

describeInBrowser("onnxruntime-web in Chromium on WebGPU", async () => {
  const page = await openBrowserRuntime({ webgpu: true });
  if (page.adapter === undefined) {
    await page.close();
    console.warn("skipped: WebGPU (this Chromium has no adapter for it, SwiftShader included)");
    describe.skip("of no adapter", () => it("needs an adapter", () => undefined));
    return;
  }
  describeRuntime(`of ${page.adapter}`, async () => page, { provider: "webgpu" });

  it("gives the gradients of the reference", async () => {
    await withPage({ webgpu: true }, async ({ runtime }) => {
      const checks = await checkGradients(runtime, { provider: "webgpu" });
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(checks.length).toBeGreaterThan(0);
    });
    // SwiftShader computes on the processor, which may be busy.
  }, 300_000);

  it("refuses to run, but not to be disposed of, after a failure without JSPI", async () => {
    await withPage({ webgpu: true, jspi: false }, async ({ runtime }) => {
      const session = await runtime.open(reshape, { provider: "webgpu" });
      const values = float32([4], [1, 2, 3, 4]);
      const run = (size: bigint) => session.run({ values, size: int64([1], [size]) });
      expect(await run(4n)).toEqual({ reshaped: values });
      const [failure, refusal] = await Promise.allSettled([run(3n), run(4n)]);
      expect([failure, refusal]).toEqual([
        { status: "rejected", reason: expect.any(RuntimeError) },
        {
          status: "rejected",
          reason: expect.objectContaining({ message: expect.stringContaining("open the model again") }),
        },
      ]);
      await session.dispose();
    });
  });
});
