/** @file The thread of a session on WebGPU where WebAssembly can wait for promises (JSPI). */
import * as engine from "onnxruntime-web/jspi";
import { serveEngine } from "./serve-engine.ts";

serveEngine(engine, { provider: "webgpu", recovers: true });
