/** @file What a test asks of the page that runs its sessions, and what the page answers. */
import type { SessionOptions } from "../../src/runtime/session.ts";

export type Question =
  /** The first: the options of `createBrowserRuntime`. */
  | { readonly type: "start"; readonly options: { readonly wasmPaths?: string } }
  /** The model's bytes come along as the tensor "model". */
  | { readonly type: "open"; readonly options: SessionOptions }
  | { readonly type: "run"; readonly session: number; readonly outputs?: readonly string[] }
  | { readonly type: "dispose"; readonly session: number };

export type Answer =
  | {
      readonly type: "started";
      readonly name: string;
      readonly providers: readonly string[];
      readonly crossOriginIsolated: boolean;
      /** What WebGPU would compute on, where there is anything. */
      readonly adapter?: string;
    }
  | { readonly type: "opened"; readonly session: number }
  | { readonly type: "results" }
  | { readonly type: "disposed" }
  | { readonly type: "failed"; readonly error: Failure };

/** An error by its class, since that does not survive the way. */
export type Failure =
  | { readonly class: "RuntimeError"; readonly message: string }
  | { readonly class: "FeedError"; readonly message: string; readonly input: string }
  | { readonly class: "Error"; readonly message: string };
