/** @file The laws of operators and models, and the gradients of PyTorch, on ONNX Runtime in Chromium (WebAssembly). */
import { afterAll, describe } from "vitest";
import { goldenGradients } from "../suites/golden-gradients.ts";
import { modelCases } from "../suites/model-cases.ts";
import { modelLaws } from "../suites/models.ts";
import { runtimeLaw } from "../suites/operator-runtime.ts";
import { describeInBrowser, openBrowserRuntime } from "./browser-page.ts";

describeInBrowser("in Chromium on WebAssembly", async () => {
  const page = await openBrowserRuntime();
  afterAll(() => page.close());
  const openRuntime = async () => page.runtime;

  runtimeLaw(page.runtime, { threads: 1 });
  // Controls change a layer's shapes, nothing that a runtime could do otherwise.
  for (const each of modelCases) if (!("controls" in each.config)) modelLaws(each, openRuntime);

  describe("the golden gradients", () => {
    goldenGradients(openRuntime, { threads: 1 });
    goldenGradients(openRuntime, { threads: 2, optimisation: "disabled" });
  });
});
