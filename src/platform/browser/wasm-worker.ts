/** @file The thread of a session on WebAssembly: the smallest build. */
import * as engine from "onnxruntime-web/wasm";
import { serveEngine } from "./serve-engine.ts";

serveEngine(engine, { provider: "wasm", recovers: true });
