/** @file Session: a graph that runs. The contract of the interpreter and of every ONNX Runtime. */
import { sizeOf } from "../graph/numbers.ts";
import { formatType } from "../graph/tensor.ts";
import type { Model, Value } from "../onnx/model.ts";
import { UserError } from "../util/errors.ts";

/** Numbers of a known shape, row-major, in the array that holds their element type. */
export type TensorData =
  | { readonly type: "float32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: "float64"; readonly shape: readonly number[]; readonly data: Float64Array }
  /** Half-precision bits. */
  | { readonly type: "float16"; readonly shape: readonly number[]; readonly data: Uint16Array }
  | { readonly type: "int8"; readonly shape: readonly number[]; readonly data: Int8Array }
  | { readonly type: "uint8"; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly type: "int32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: "int64"; readonly shape: readonly number[]; readonly data: BigInt64Array }
  /** 0 and 1. */
  | { readonly type: "bool"; readonly shape: readonly number[]; readonly data: Uint8Array };

export type NamedTensors = Readonly<Record<string, TensorData>>;

export interface Session {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /**
   * Runs the graph once. Runs of one session never overlap: a second call waits for the first.
   *
   * @param feeds one tensor per input. They are read, never kept nor changed.
   * @param outputs the names wanted; all of them unless said. What nobody wants need not be computed.
   * @throws FeedError for a missing, unknown or misshapen feed, or an unknown output
   * @throws RuntimeError where the execution itself fails; the session stays usable
   */
  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors>;
  /** Gives back memory and threads; running afterwards is a RuntimeError. Disposing twice is harmless. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Threads within one operator; the runtime's own choice unless given. */
  readonly threads?: number;
  /** An execution provider by ONNX Runtime's name: "cpu", "webgpu", "cuda", "wasm". */
  readonly provider?: string;
  /**
   * Runs in the caller's thread where the runtime can: feeds are not copied, which a large state is worth, but a run blocks
   * that thread. In a thread of its own unless given.
   */
  readonly inline?: boolean;
  /** Rewriting of the graph by the runtime. "all" unless given. */
  readonly optimisation?: "disabled" | "basic" | "extended" | "all";
  /**
   * Where threads with nothing to do spin, which begins the next piece of work at once, rather than sleep, which leaves
   * the cores to others: "always" (for some 30 ms after a run, too) unless given, "within runs", or "never".
   */
  readonly spinning?: "always" | "within runs" | "never";
}

/** Something that executes models. */
export interface Runtime {
  readonly name: string;
  /** Execution providers that may be asked for, the default first. */
  readonly providers: readonly string[];
  /** @throws RuntimeError for an absent provider, or a model that the runtime does not accept */
  open(model: Model, options?: SessionOptions): Promise<Session>;
}

/** A graph that cannot be executed here: an absent provider, an unknown operator, a failure while running. */
export class RuntimeError extends UserError {}

/** What was fed does not fit what the graph asks for. */
export class FeedError extends UserError {
  readonly input: string;

  constructor(message: string, input: string) {
    super(message);
    this.input = input;
  }
}

/** Checks feeds against a session's inputs: the door of every runtime. Sizes with one name must agree. */
export function checkFeeds(
  session: Pick<Session, "inputs" | "outputs">,
  feeds: NamedTensors,
  wanted: readonly string[] = [],
): void {
  const sizes = new Map<string, number>();
  for (const input of session.inputs) {
    if (!Object.hasOwn(feeds, input.name)) {
      throw new FeedError(
        `nothing was fed to "${input.name}", expected ${formatType(input)}: give every input of the graph`,
        input.name,
      );
    }
    checkFeed(input, feeds[input.name], sizes);
  }
  const names = new Set(session.inputs.map(({ name }) => name));
  for (const name of Object.keys(feeds)) {
    if (!names.has(name)) {
      throw new FeedError(`"${name}" was fed, expected only ${[...names].join(", ")}: leave it out`, name);
    }
  }
  for (const name of wanted) {
    if (!session.outputs.some((output) => output.name === name)) {
      const known = session.outputs.map((output) => output.name).join(", ");
      throw new FeedError(`output "${name}" was asked for, expected one of ${known}`, name);
    }
  }
}

function checkFeed(input: Value, given: TensorData, sizes: Map<string, number>): void {
  const settled = new Map(sizes);
  const fits =
    given.type === input.type &&
    given.shape.length === input.shape.length &&
    given.shape.every((size, axis) => {
      const expected = input.shape[axis];
      if (typeof expected === "number") return size === expected;
      const before = sizes.get(expected) ?? size;
      sizes.set(expected, before);
      return size === before;
    });
  if (fits && given.data.length === sizeOf(given.shape)) return;
  const found = `${formatType(given)} of ${given.data.length} numbers`;
  // With what a name stands for, where a feed before this one has settled it.
  const shape = input.shape.map((size) =>
    settled.has(`${size}`) ? `${size} = ${settled.get(`${size}`)}` : size,
  );
  throw new FeedError(
    `"${input.name}" was fed ${found}, expected ${formatType({ type: input.type, shape })}: mind type and shape`,
    input.name,
  );
}
