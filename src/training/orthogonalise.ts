/** @file Muon's orthogonalisation as a graph, on whatever runtime trains: a session for each shape of matrix. */
import { build } from "../graph/build.ts";
import { add, div, gemm, matmul, mul, reduceSum, sqrt, transpose } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { newtonSchulz, type Orthogonalise } from "../optim/index.ts";
import { type Runtime, RuntimeError, type Session, type SessionOptions } from "../runtime/session.ts";

export interface Orthogonaliser {
  /** For `openOptimiser("muon", config, { orthogonalise })`. */
  readonly orthogonalise: Orthogonalise;
  dispose(): Promise<void>;
}

/** The same five rounds of Newton and Schulz as the reference in optim/orthogonalise.ts, in float32. */
export function createOrthogonaliser(runtime: Runtime, options?: SessionOptions): Orthogonaliser {
  const sessions = new Map<string, Promise<Session>>();
  return {
    async orthogonalise({ shape, data }) {
      const key = shape.join();
      const opening =
        sessions.get(key) ?? runtime.open(build({ outputs: { result: orthogonal(shape) } }), options);
      sessions.set(key, opening);
      const session = await opening;
      const { result } = await session.run({ matrix: { type: "float32", shape, data } });
      if (result.type === "float32") return { shape, data: result.data };
      throw new RuntimeError(
        `a direction came back as ${result.type}, expected float32: use another runtime`,
      );
    },
    async dispose() {
      const open = await Promise.all(sessions.values());
      await Promise.all(open.map((session) => session.dispose()));
    },
  };
}

function orthogonal(shape: readonly number[]): Tensor {
  const { a, b, c, rounds, epsilon } = newtonSchulz;
  const given = input("matrix", "float32", shape);
  const isTall = shape[0] > shape[1];
  let x = isTall ? transpose(given) : given;
  x = div(x, add(sqrt(reduceSum(mul(x, x))), epsilon));
  for (let round = 0; round < rounds; round++) {
    const squared = matmul(x, x, { transposeB: true });
    const polynomial = add(mul(squared, b), matmul(squared, squared, { alpha: c }));
    x = gemm(polynomial, x, mul(x, a));
  }
  return isTall ? transpose(x) : x;
}
