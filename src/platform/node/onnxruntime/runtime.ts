/** @file The runtime of Node: onnxruntime-node, each session in a thread of its own, unless it is to run inline. */
import type { Runtime } from "../../../runtime/session.ts";
import { openDirect } from "./direct.ts";
import { listProviders } from "./load.ts";
import { openSession } from "./session.ts";

export function createNodeRuntime(): Runtime {
  return {
    name: "onnxruntime-node",
    // Asked for when it is read: until then nothing native is loaded.
    get providers() {
      return listProviders();
    },
    open: (model, options = {}) => (options.inline === true ? openDirect : openSession)(model, options),
  };
}
