/** @file The laws over ONNX Runtime in Node: in this thread, and in a thread of each session's own. */
import { openDirect } from "../../src/platform/node/onnxruntime/direct.ts";
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import { describeRuntime } from "./laws.ts";

const runtime = createNodeRuntime();

describeRuntime("onnxruntime-node in threads", async () => ({ runtime }), { threads: 1 });
describeRuntime(
  "onnxruntime-node in this thread",
  async () => ({ runtime: { name: runtime.name, providers: runtime.providers, open: openDirect } }),
  { threads: 1 },
);
