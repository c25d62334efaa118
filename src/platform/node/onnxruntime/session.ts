/** @file Sessions that run in worker threads, one thread each, so that a run does not block this one. */
import { Worker } from "node:worker_threads";
import { encodeModel } from "../../../onnx/encode.ts";
import type { Model } from "../../../onnx/model.ts";
import type { Session, SessionOptions } from "../../../runtime/session.ts";
import { messageOf } from "../../../util/errors.ts";
import { sessionOver } from "../../onnxruntime/executor.ts";
import type { Reply } from "../../onnxruntime/protocol.ts";
import { openInThread, type Thread, type ThreadEvents } from "../../onnxruntime/thread.ts";

/**
 * A session of onnxruntime-node in a thread of its own. The thread keeps the process alive only while something is
 * under way; `dispose` ends it.
 *
 * @throws RuntimeError for an absent provider, or a model that ONNX Runtime does not accept
 */
export async function openSession(model: Model, options: SessionOptions = {}): Promise<Session> {
  // In a buffer of their own, which is handed over.
  const bytes = new Uint8Array(encodeModel(model));
  return sessionOver(await openInThread(startWorker, bytes, options), model.graph);
}

function startWorker(events: ThreadEvents): Thread {
  return startThread(new URL("./worker.js", import.meta.url), events);
}

export function startThread(script: URL, { replied, died }: ThreadEvents): Thread {
  const worker = new Worker(script);
  worker.on("message", (reply: Reply) => replied(reply));
  worker.on("error", (error) => died(messageOf(error)));
  worker.on("exit", (code) => died(`its exit code was ${code}`));
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    async terminate() {
      await worker.terminate();
    },
  };
}
