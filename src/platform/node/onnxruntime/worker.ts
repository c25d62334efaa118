/** @file The thread of one session. */
import { parentPort } from "node:worker_threads";
import { invariant } from "../../../util/errors.ts";
import { serve } from "../../onnxruntime/serve.ts";
import { openExecutor } from "./direct.ts";

const port = parentPort;
invariant(port, "a session's thread was loaded as a program");
port.on(
  "message",
  serve(openExecutor, (reply, transfer) => port.postMessage(reply, transfer)),
);
