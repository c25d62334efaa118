/** @file A model, opened by ONNX Runtime in this thread. */
import { type DataType, dataTypes, type Value } from "../../onnx/model.ts";
import {
  type NamedTensors,
  RuntimeError,
  type SessionOptions,
  type TensorData,
} from "../../runtime/session.ts";
import { messageOf } from "../../util/errors.ts";
import { plainText } from "../../util/text.ts";
import type { Engine, EngineMetadata, EngineOptions, EngineSession, EngineTensor } from "./engine.ts";
import type { Executor, Signature } from "./executor.ts";
import { mapValues, tensorAt, unshared } from "./tensors.ts";

/**
 * Runs follow one another in the order in which they were asked for.
 *
 * @throws RuntimeError where ONNX Runtime does not accept the model or the options
 */
export async function openModel(
  engine: Engine,
  bytes: Uint8Array,
  provider: string,
  options: SessionOptions,
): Promise<Executor & Signature> {
  const session = await create(engine, bytes, provider, options);
  const inOrder = queue();

  async function execute(feeds: NamedTensors, outputs: readonly string[]): Promise<NamedTensors> {
    try {
      const tensors = mapValues(feeds, (feed) => {
        const { type, shape, data } = unshared(feed);
        return new engine.Tensor(type, data, shape);
      });
      return mapValues(await session.run(tensors, outputs), readTensor);
    } catch (error) {
      if (error instanceof RuntimeError) throw error;
      throw new RuntimeError(
        `ONNX Runtime failed while it ran the graph (${reason(error)}): check the numbers that were fed`,
        { cause: error },
      );
    }
  }

  return {
    inputs: session.inputMetadata.map(describeValue),
    outputs: session.outputMetadata.map(describeValue),
    run: (feeds, outputs) => inOrder(() => execute(feeds, outputs)),
    dispose: () => inOrder(() => session.release()),
  };
}

async function create(
  engine: Engine,
  bytes: Uint8Array,
  provider: string,
  options: SessionOptions,
): Promise<EngineSession> {
  try {
    return await engine.InferenceSession.create(bytes, engineOptions(provider, options));
  } catch (error) {
    throw new RuntimeError(
      `ONNX Runtime did not open the model with provider "${provider}" (${reason(error)}), expected a graph, options and a device that suit it: change them, or choose another provider`,
      { cause: error },
    );
  }
}

function engineOptions(
  provider: string,
  { threads, optimisation = "all", spinning = "always" }: SessionOptions,
): EngineOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: optimisation,
    executionMode: "sequential",
    interOpNumThreads: 1,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...spinningEntries[spinning],
    // Planning one block per run beside the arena took 1.7 times the memory and won no time; without the arena,
    // large graphs took 1.3 to 2.6 times as long.
    enableMemPattern: false,
    // What goes wrong is thrown; nothing is printed besides.
    logSeverityLevel: 4,
  };
}

/** Waking threads takes some 0.3 ms a run; where others want the cores, threads that never spin finish sooner. */
const spinningEntries: Readonly<
  Record<NonNullable<SessionOptions["spinning"]>, Pick<EngineOptions, "extra">>
> = {
  always: {},
  "within runs": { extra: { session: { force_spinning_stop: "1" } } },
  never: { extra: { session: { intra_op: { allow_spinning: "0" } } } },
};

/** A value of the graph as ONNX Runtime understood it. Sizes without a name get one, which no other size has. */
function describeValue({ name, type = "no tensor", shape = [] }: EngineMetadata): Value {
  if (!isDataType(type)) return refuseType(name, type);
  return { name, type, shape: shape.map((size, axis) => (size === "" ? `${name}:${axis}` : size)) };
}

/** In JavaScript engines that know `Float16Array`, half precision comes as that; to us it is bits. */
function readTensor({ type, dims, data }: EngineTensor, name: string): TensorData {
  const tensor = ArrayBuffer.isView(data) ? tensorAt(data, type, [...dims]) : undefined;
  return tensor ?? refuseType(name, type);
}

function isDataType(type: string): type is DataType {
  return Object.hasOwn(dataTypes, type);
}

function refuseType(name: string, type: string): never {
  const known = Object.keys(dataTypes).filter((each) => each !== "string");
  throw new RuntimeError(
    `"${name}" is of type ${type}, expected one of ${known.join(", ")}: cast it within the graph`,
  );
}

/** ONNX Runtime's message; without the place in its sources and the condition, where it was a failed assertion. */
function reason(error: unknown): string {
  return plainText(messageOf(error).replace(/\S*\/onnxruntime_src\/.*? was false\. /, ""));
}

/** Each piece of work starts when the one before has ended, however it ended. */
function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // Only that it has ended: the result itself, which may be large, is the caller's alone.
    last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
}
