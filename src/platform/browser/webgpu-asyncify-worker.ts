/**
 * @file The thread of a session on WebGPU where WebAssembly cannot wait for promises. This build pretends by
 * unwinding its stack (Asyncify): it is larger, and after a run that failed the next one spins for ever.
 */
import * as engine from "onnxruntime-web/webgpu";
import { serveEngine } from "./serve-engine.ts";

serveEngine(engine, { provider: "webgpu", recovers: false });
