/** @file The laws of models, and the gradients of PyTorch, on ONNX Runtime in Node. */
import { describe } from "vitest";
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import { goldenGradients } from "../suites/golden-gradients.ts";
import { modelCases } from "../suites/model-cases.ts";
import { modelLaws } from "../suites/models.ts";

const openRuntime = async () => createNodeRuntime();

for (const each of modelCases) modelLaws(each, openRuntime);

describe("onnxruntime-node", () => {
  goldenGradients(openRuntime, { threads: 1 });
  goldenGradients(openRuntime, { threads: 2, optimisation: "disabled" });
});
