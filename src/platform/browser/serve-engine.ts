/** @file What the browser's threads do: each serves one session of the build of ONNX Runtime that it imports. */
import { RuntimeError } from "../../runtime/session.ts";
import type { Engine } from "../onnxruntime/engine.ts";
import type { Executor } from "../onnxruntime/executor.ts";
import { openModel } from "../onnxruntime/open.ts";
import type { Request } from "../onnxruntime/protocol.ts";
import { serve } from "../onnxruntime/serve.ts";

interface WebEngine extends Engine {
  readonly env: { readonly wasm: { numThreads?: number; wasmPaths?: unknown } };
}

interface Build {
  readonly provider: "wasm" | "webgpu";
  /** Whether a session can still run, and be released, when a run has failed. */
  readonly recovers: boolean;
}

export function serveEngine(engine: WebEngine, { provider, recovers }: Build): void {
  // The threads within an operator load the script of this thread once more, under a name of Emscripten's, and
  // ONNX Runtime has made itself at home there by being imported.
  if (self.name.startsWith("em-pthread")) return;

  const answer = serve(
    async (bytes, options) => {
      const { wasm } = engine.env;
      if (options.wasmPaths !== undefined) wasm.wasmPaths = options.wasmPaths;
      if (!self.crossOriginIsolated) wasm.numThreads = 1;
      else if (options.threads !== undefined) wasm.numThreads = options.threads;
      const executor = await openModel(engine, bytes, provider, options);
      return recovers ? executor : untilFailure(executor);
    },
    (reply, transfer) => self.postMessage(reply, transfer),
  );
  self.addEventListener("message", ({ data }: MessageEvent<Request>) => answer(data));
}

/** An executor that is not touched again after a failure, since it would never answer; its thread is ended instead. */
function untilFailure({ run, dispose }: Executor): Executor {
  let last: Promise<unknown> = Promise.resolve();
  let failed = false;
  const refuse = () => {
    throw new RuntimeError(
      "found a session whose last run failed, which this browser's WebGPU does not survive, expected one without: open the model again",
    );
  };
  return {
    run(feeds, outputs) {
      const result = last.then(() => (failed ? refuse() : run(feeds, outputs)));
      last = result.then(
        () => undefined,
        () => {
          failed = true;
        },
      );
      return result;
    },
    dispose: () => last.then(() => (failed ? undefined : dispose())),
  };
}
