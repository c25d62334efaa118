/** @file What a session and its thread say to each other: one union each way, the same in Node and in browsers. */
import type { NamedTensors, SessionOptions } from "../../runtime/session.ts";

/** The first question is "open", the last "dispose". Each is answered once, under its number. */
export interface Request {
  readonly id: number;
  readonly question: Question;
}

export type Question =
  | { readonly type: "open"; readonly bytes: Uint8Array; readonly options: ThreadOptions }
  | { readonly type: "run"; readonly feeds: NamedTensors; readonly outputs: readonly string[] }
  | { readonly type: "dispose" };

export interface ThreadOptions extends SessionOptions {
  /** Browsers: the folder of ONNX Runtime's WebAssembly files, as a URL that ends with "/". */
  readonly wasmPaths?: string;
}

export interface Reply {
  readonly id: number;
  readonly answer: Answer;
}

export type Answer =
  | { readonly type: "done" }
  | { readonly type: "results"; readonly results: NamedTensors }
  /** A RuntimeError, by its message: classes do not survive the way between threads. */
  | { readonly type: "refused"; readonly message: string }
  /** Anything else that was thrown: our own mistake. */
  | { readonly type: "broken"; readonly error: unknown };
