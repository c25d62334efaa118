/** @file Where a NaN comes from: the first tensor of a graph that holds one. */
import { build } from "../graph/build.ts";
import { mul, reduceSum } from "../graph/operators/index.ts";
import type { Program } from "../graph/program.ts";
import { formatType, isFloat, type Tensor } from "../graph/tensor.ts";
import { sortedNodes } from "../graph/walk.ts";
import type { NamedTensors, Runtime, SessionOptions } from "./session.ts";

/** A tensor that holds NaN or an infinity. */
export interface NonFinite {
  /** Of the input; or the operator whose result it is. */
  readonly name: string;
  /** As in "float32[64, 512]". */
  readonly type: string;
}

/**
 * The first tensor, in the order of computation, that holds NaN or an infinity: an input, or what an operator has made
 * of finite inputs. Runs the graph once more, with a probe behind every node; bodies of loops count as one node.
 */
export async function findNonFinite(
  runtime: Runtime,
  { outputs }: Program,
  feeds: NamedTensors,
  options?: SessionOptions,
): Promise<NonFinite | undefined> {
  for (const [name, { type, shape, data }] of Object.entries(feeds)) {
    if (isFloat(type) && data.some((value: number | bigint) => !Number.isFinite(Number(value)))) {
      return { name, type: formatType({ type, shape }) };
    }
  }
  const probed = sortedNodes(Object.values(outputs)).flatMap(({ operator, outputs: results }) =>
    results.filter(({ type }) => type === "float32").map((tensor) => ({ operator, tensor })),
  );
  const probes = Object.fromEntries(probed.map(({ tensor }, i) => [`probe.${i}`, probe(tensor)]));
  const session = await runtime.open(build({ outputs: probes }), options);
  try {
    const known = new Set(session.inputs.map(({ name }) => name));
    const given = Object.fromEntries(Object.entries(feeds).filter(([name]) => known.has(name)));
    const results = await session.run(given);
    const first = probed.find((_, i) => Number.isNaN(Number(results[`probe.${i}`].data[0])));
    return first && { name: first.operator, type: formatType(first.tensor) };
  } finally {
    await session.dispose();
  }
}

/** NaN where any element is NaN or infinite, 0 otherwise. */
function probe(tensor: Tensor): Tensor {
  return reduceSum(mul(tensor, 0));
}
