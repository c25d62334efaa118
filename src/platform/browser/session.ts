/** @file Sessions of onnxruntime-web, each in a worker of its own, so that a run does not block the page. */
import { encodeModel } from "../../onnx/encode.ts";
import type { Model } from "../../onnx/model.ts";
import { RuntimeError, type Session } from "../../runtime/session.ts";
import { sessionOver } from "../onnxruntime/executor.ts";
import type { Reply, ThreadOptions } from "../onnxruntime/protocol.ts";
import { openInThread, type Thread, type ThreadEvents } from "../onnxruntime/thread.ts";

/**
 * Bundlers look for exactly these expressions: they make a script of each, and put its address here.
 *
 * The package's default build is not among them: its WebGPU (JSEP, version 1.30) gives gradients that are wrong.
 */
const workers: ReadonlyMap<string, () => Worker> = new Map([
  ["wasm", () => new Worker(new URL("./wasm-worker.js", import.meta.url), { type: "module" })],
  [
    "webgpu",
    () =>
      "Suspending" in WebAssembly
        ? new Worker(new URL("./webgpu-worker.js", import.meta.url), { type: "module" })
        : new Worker(new URL("./webgpu-asyncify-worker.js", import.meta.url), { type: "module" }),
  ],
]);

/** WebAssembly first: it is everywhere. WebGPU where the browser has it, though perhaps no device for it. */
export function listProviders(): readonly string[] {
  return [...workers.keys()].filter((name) => name !== "webgpu" || "gpu" in navigator);
}

/** @throws RuntimeError for an absent provider, or a model that ONNX Runtime does not accept */
export async function openSession(model: Model, options: ThreadOptions): Promise<Session> {
  const { provider = "wasm" } = options;
  const known = listProviders();
  const createWorker = known.includes(provider) ? workers.get(provider) : undefined;
  if (createWorker === undefined) {
    throw new RuntimeError(
      `found no execution provider "${provider}" in this browser, expected one of ${known.join(", ")}: choose another`,
    );
  }
  // In a buffer of their own, which is handed over.
  const bytes = new Uint8Array(encodeModel(model));
  const executor = await openInThread((events) => startThread(createWorker(), events), bytes, options);
  return sessionOver(executor, model.graph);
}

function startThread(worker: Worker, { replied, died }: ThreadEvents): Thread {
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => replied(data));
  worker.addEventListener("error", ({ message }) => {
    worker.terminate();
    // The event of a script that could not be loaded has no message.
    died(message || "its script could not be loaded");
  });
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    hold: () => undefined,
    terminate: async () => worker.terminate(),
  };
}
