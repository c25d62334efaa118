/** @file How fast a runtime multiplies matrices: what bounds training on a machine. */
import type { Graph, Model, Value } from "../onnx/model.ts";
import { invariant } from "../util/errors.ts";
import { type Runtime, RuntimeError, type Session, type SessionOptions } from "./session.ts";

/** [rows, inner] · [inner, columns] */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

export interface MeasureOptions extends Product, Pick<SessionOptions, "threads" | "provider"> {
  /** A clock in milliseconds, such as `performance.now`. */
  readonly now: () => number;
}

/** Long enough for a clock of whole milliseconds, and for the call and the copy of its result not to count. */
const shortestRun = 100;
const runs = 5;
/** Where the clock stands still, measuring ends all the same. */
const mostRepeats = 2 ** 20;

/**
 * GFLOP/s of a float32 `MatMul` whose factors are inputs of the graph, as weights in training are: the median of a few
 * runs. One run repeats the product in a `Loop`, a multiplication and an addition counting as two operations.
 *
 * @throws RuntimeError for an absent provider, or one that multiplies wrongly
 */
export async function measureProduct(runtime: Runtime, options: MeasureOptions): Promise<number> {
  const { rows, inner, columns, now, ...sessionOptions } = options;
  invariant(Math.min(rows, inner, columns) > 0, "an empty product cannot be measured");
  const product = { rows, inner, columns };
  const session = await runtime.open(productModel(product), sessionOptions);
  try {
    const repeats = await enoughRepeats(session, product, now);
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await timeRun(session, product, repeats, now));
    const median = times.sort((a, b) => a - b)[runs >> 1];
    return (2 * rows * inner * columns * repeats) / (median * 1e6);
  } finally {
    await session.dispose();
  }
}

/** The first run pays for what is made ready only once, so that one repeat alone tells nothing. */
async function enoughRepeats(session: Session, product: Product, now: () => number): Promise<number> {
  let repeats = 1;
  while (repeats < mostRepeats && (await timeRun(session, product, repeats, now)) < shortestRun) repeats *= 2;
  return repeats;
}

async function timeRun(
  session: Session,
  { rows, inner, columns }: Product,
  repeats: number,
  now: () => number,
): Promise<number> {
  const feeds = {
    repeats: { type: "int64", shape: [], data: BigInt64Array.of(BigInt(repeats)) },
    start: { type: "float32", shape: [rows, columns], data: new Float32Array(rows * columns) },
    left: { type: "float32", shape: [rows, inner], data: new Float32Array(rows * inner).fill(0.5) },
    right: { type: "float32", shape: [inner, columns], data: new Float32Array(inner * columns).fill(0.25) },
  } as const;
  const begin = now();
  const { result } = await session.run(feeds);
  const time = now() - begin;
  // Every term is 1/8: the sums are exact, and the check is that the product was computed.
  const wrong = result.data.find((entry) => entry !== inner / 8);
  if (wrong === undefined) return time;
  throw new RuntimeError(
    `found ${wrong} in a product of matrices, expected ${inner / 8} everywhere: choose another execution provider`,
  );
}

/** `result` is the last of `repeats` products. */
function productModel({ rows, inner, columns }: Product): Model {
  const matrix = (name: string, height: number, width: number): Value => ({
    name,
    type: "float32",
    shape: [height, width],
  });
  const body: Graph = {
    name: "body",
    nodes: [node("MatMul", ["left", "right"], ["product"]), node("Identity", ["going"], ["going-on"])],
    inputs: [
      { name: "index", type: "int64", shape: [] },
      { name: "going", type: "bool", shape: [] },
      matrix("before", rows, columns),
    ],
    outputs: [{ name: "going-on", type: "bool", shape: [] }, matrix("product", rows, columns)],
    constants: [],
  };
  const loop = node("Loop", ["repeats", "", "start"], ["result"]);
  return {
    graph: {
      name: "repeated product",
      nodes: [{ ...loop, attributes: { body: { type: "graph", value: body } } }],
      inputs: [
        { name: "repeats", type: "int64", shape: [] },
        matrix("start", rows, columns),
        matrix("left", rows, inner),
        matrix("right", inner, columns),
      ],
      outputs: [matrix("result", rows, columns)],
      constants: [],
    },
    operatorSets: { "": 21 },
    metadata: {},
  };
}

function node(operator: string, inputs: readonly string[], outputs: readonly string[]) {
  return { name: `${operator} ${outputs[0]}`, operator, domain: "", inputs, outputs, attributes: {} };
}
