/** @file Parameters as layers declare them: a name, a shape, and how they begin. In a graph each is an input of that name. */
import { input, type Tensor } from "../graph/tensor.ts";
import { invariant } from "../util/errors.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import type { Initialiser } from "./initialiser.ts";

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly initialise: Initialiser;
}

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

interface Declaration {
  readonly spec: ParameterSpec;
  readonly tensor: Tensor;
}

/** Where layers declare what they have: `blocks.0.attention.query.weight` is four scopes deep. */
export class ParameterScope {
  readonly #prefix: string;
  readonly #declared: Map<string, Declaration>;

  private constructor(prefix: string, declared: Map<string, Declaration>) {
    this.#prefix = prefix;
    this.#declared = declared;
  }

  static root(): ParameterScope {
    return new ParameterScope("", new Map());
  }

  child(name: string | number): ParameterScope {
    return new ParameterScope(`${this.#prefix}${name}.`, this.#declared);
  }

  declare(name: string, shape: readonly number[], initialise: Initialiser): Tensor {
    const full = this.#prefix + name;
    invariant(!this.#declared.has(full), `parameter "${full}" is declared once`);
    const tensor = input(full, "float32", shape);
    this.#declared.set(full, { spec: { shape, initialise }, tensor });
    return tensor;
  }

  /** All that was declared, in the order of declaration. */
  specs(): ParameterSpecs {
    return Object.fromEntries([...this.#declared].map(([name, { spec }]) => [name, spec]));
  }

  tensors(): Readonly<Record<string, Tensor>> {
    return Object.fromEntries([...this.#declared].map(([name, { tensor }]) => [name, tensor]));
  }
}

/**
 * First values. Each parameter draws from a generator of its own, named after it, so that adding one leaves the others
 * as they were.
 */
export function initialise(specs: ParameterSpecs, seed: number | string): Parameters {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initialise: fill }]): [string, NamedArray] => {
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      fill(data, shape, random.fork(name));
      return [name, { shape, data }];
    }),
  );
}
