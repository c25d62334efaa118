/** @file Muon's orthogonalisation as a graph, on whatever runtime trains: all matrices of a step in one call. */
import { build } from "../graph/build.ts";
import { add, div, matmul, mul, reduceSum, sqrt } from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { newtonSchulz, type Orthogonalise } from "../optim/index.ts";
import {
  type NamedTensors,
  type Runtime,
  RuntimeError,
  type Session,
  type SessionOptions,
} from "../runtime/session.ts";
import type { NamedArray } from "../util/parameters.ts";

export interface Orthogonaliser {
  /** For `openOptimiser("muon", config, { orthogonalise })`. */
  readonly orthogonalise: Orthogonalise;
  dispose(): Promise<void>;
}

/**
 * The same five rounds of Newton and Schulz as the reference in optim/orthogonalise.ts, in float32. A session for each
 * list of shapes: a model's stacks are always the same ones, so that it is one, and one call a step.
 */
export function createOrthogonaliser(runtime: Runtime, options: SessionOptions = {}): Orthogonaliser {
  // It takes turns with the session that trains.
  const sessionOptions: SessionOptions = { spinning: "within runs", ...options };
  const sessions = new Map<string, Promise<Session>>();
  return {
    async orthogonalise(stacks) {
      const shapes = stacks.map(({ shape }) => shape);
      const key = shapes.join(";");
      const opening =
        sessions.get(key) ?? runtime.open(build({ outputs: orthogonalStacks(shapes) }), sessionOptions);
      sessions.set(key, opening);
      const session = await opening;
      const results = await session.run(
        Object.fromEntries(
          stacks.map(({ shape, data }, i) => [`stack.${i}`, { type: "float32", shape, data }]),
        ),
      );
      return shapes.map((_, i) => directionFrom(results[`direction.${i}`]));
    },
    async dispose() {
      const open = await Promise.all(sessions.values());
      await Promise.all(open.map((session) => session.dispose()));
    },
  };
}

function directionFrom(result: NamedTensors[string]): NamedArray {
  if (result.type === "float32") return { shape: result.shape, data: result.data };
  throw new RuntimeError(`a direction came back as ${result.type}, expected float32: use another runtime`);
}

function orthogonalStacks(shapes: readonly (readonly number[])[]): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    shapes.map((shape, i) => [`direction.${i}`, orthogonal(input(`stack.${i}`, "float32", shape))]),
  );
}

/**
 * X ← (a·I + b·A + c·A²)·X with A = X·Xᵀ; a tall X from its other side, X·(…) with A = Xᵀ·X. Passes over the memory cost
 * as much as products of small matrices do: so there are two, with S = c·A and S·(S + b·I) ÷ c = b·A + c·A².
 */
function orthogonal(given: Tensor): Tensor {
  const { a, b, c, rounds, epsilon } = newtonSchulz;
  const [, rows, columns] = given.shape.map(Number);
  const isTall = rows > columns;
  const size = Math.min(rows, columns);
  let x = div(given, add(sqrt(reduceSum(mul(given, given), [1, 2], { keep: true })), epsilon));
  for (let round = 0; round < rounds; round++) {
    const squared = matmul(x, x, { transposeA: isTall, transposeB: !isTall, alpha: c });
    const product = matmul(squared, add(squared, diagonal(size, b)), { alpha: 1 / c });
    const polynomial = add(product, diagonal(size, a));
    x = isTall ? matmul(x, polynomial) : matmul(polynomial, x);
  }
  return x;
}

function diagonal(size: number, value: number): Tensor {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = value;
  return constant(values, { shape: [size, size] });
}
