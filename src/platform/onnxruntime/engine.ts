/**
 * @file What onnxruntime-node and onnxruntime-web have in common, as far as we use it. Both packages fit this shape,
 * so that one executor serves both and neither is imported here.
 */
import type { TensorData } from "../../runtime/session.ts";

export interface EngineTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** Of an input or an output; sizes that are not known are names. */
export interface EngineMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface EngineSession {
  readonly inputMetadata: readonly EngineMetadata[];
  readonly outputMetadata: readonly EngineMetadata[];
  run(
    feeds: Readonly<Record<string, EngineTensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, EngineTensor>>>;
  release(): Promise<void>;
}

/** `InferenceSession.SessionOptions` of onnxruntime-common: what we set of it. */
export interface EngineOptions {
  readonly executionProviders: readonly string[];
  readonly graphOptimizationLevel: "disabled" | "basic" | "extended" | "all";
  readonly executionMode: "sequential";
  readonly interOpNumThreads: number;
  readonly intraOpNumThreads?: number;
  readonly enableMemPattern: boolean;
  readonly logSeverityLevel: 4;
  /** Entries of onnxruntime_session_options_config_keys.h, their names cut at the dots. */
  readonly extra?: {
    readonly session: {
      readonly force_spinning_stop?: string;
      readonly intra_op?: { readonly allow_spinning: string };
    };
  };
}

export interface Engine {
  readonly Tensor: new (
    type: TensorData["type"],
    data: TensorData["data"],
    dims: readonly number[],
  ) => EngineTensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: EngineOptions): Promise<EngineSession>;
  };
}
