/** @file The runtime of browsers: onnxruntime-web, each session in a worker of its own. */
import type { Runtime } from "../../runtime/session.ts";
import { listProviders, openSession } from "./session.ts";

export interface BrowserRuntimeOptions {
  /**
   * The folder that serves ONNX Runtime's files, absolute or relative to the page: copies, from
   * `onnxruntime-web/dist` in the version that is installed, of the `.mjs` and `.wasm` files named
   *
   * - `ort-wasm-simd-threaded` for "wasm" (14 MB),
   * - `ort-wasm-simd-threaded.jspi` for "webgpu" in browsers with JSPI (17 MB),
   * - `ort-wasm-simd-threaded.asyncify` for "webgpu" in others (27 MB).
   *
   * Unless given, the `.wasm` file is fetched from where the worker's script comes from, and no other file is needed.
   * Bundlers that follow `new URL("…", import.meta.url)` into packages, as Vite and webpack do, put it there.
   */
  readonly wasmPaths?: string;
}

/**
 * A runtime whose providers are "wasm" (SIMD; threads where the page is cross-origin isolated, otherwise one) and
 * "webgpu", where the browser has it.
 *
 * `threads` are threads of WebAssembly; unless given, half the cores and at most four. A page is cross-origin
 * isolated when it is served with `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy:
 * require-corp`.
 *
 * On WebGPU in a browser without JSPI, a session does not survive a run that fails: later ones are refused.
 *
 * The workers are modules, started by `new Worker(new URL("./….js", import.meta.url), { type: "module" })`. Bundlers
 * know that form; with one that does not, make the `…-worker.js` files of this folder entries of their own, beside
 * the script that contains this module.
 */
export function createBrowserRuntime({ wasmPaths }: BrowserRuntimeOptions = {}): Runtime {
  const place = wasmPaths === undefined ? {} : { wasmPaths: folderUrl(wasmPaths) };
  return {
    name: "onnxruntime-web",
    providers: listProviders(),
    open: (model, options) => openSession(model, { ...options, ...place }),
  };
}

/** Absolute, since the worker has an address of its own, and with the "/" that ONNX Runtime expects. */
function folderUrl(path: string): string {
  return new URL(path.endsWith("/") ? path : `${path}/`, self.location.href).href;
}
