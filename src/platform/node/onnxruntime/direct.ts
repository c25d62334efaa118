/** @file Sessions in this thread: for code that is in a worker already, since a run blocks its thread. */
import { encodeModel } from "../../../onnx/encode.ts";
import type { Model } from "../../../onnx/model.ts";
import { RuntimeError, type Session, type SessionOptions } from "../../../runtime/session.ts";
import { type Executor, type Signature, sessionOver } from "../../onnxruntime/executor.ts";
import { openModel } from "../../onnxruntime/open.ts";
import { listProviders, loadOnnxRuntime } from "./load.ts";

/**
 * A session of onnxruntime-node whose runs block this thread. Feeds are not copied, unless they lie in shared memory.
 *
 * Without `threads`, ONNX Runtime takes one per physical core.
 *
 * @param model a model of ours, or the bytes of any .onnx file
 * @throws RuntimeError for an absent provider, or a model that ONNX Runtime does not accept
 */
export async function openDirect(model: Model | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  if (model instanceof Uint8Array) {
    const executor = await openExecutor(model, options);
    return sessionOver(executor, executor);
  }
  return sessionOver(await openExecutor(encodeModel(model), options), model.graph);
}

export async function openExecutor(
  bytes: Uint8Array,
  options: SessionOptions,
): Promise<Executor & Signature> {
  const { provider = "cpu" } = options;
  const known = listProviders();
  if (!known.includes(provider)) {
    throw new RuntimeError(
      `found no execution provider "${provider}" in onnxruntime-node here, expected one of ${known.join(", ")}: choose another, or install its library`,
    );
  }
  return openModel(loadOnnxRuntime(), bytes, provider, options);
}
