/**
 * @file Times foretold by a mixture (Bishop 1994, "Mixture density networks"), as probabilities of whole units: logistic
 * distributions over the logarithm of time, of which a unit has what lies between its edges (as pixels in Salimans et al.
 * 2017, "PixelCNN++"). Written times fall on few values, on which a density would grow without limit; a probability is
 * at most 1, so that losses are nats that may be compared with those of a softmax over the same units.
 */
import {
  add,
  div,
  exp,
  gather,
  log,
  logSoftmax,
  min,
  neg,
  reduceMax,
  reduceSum,
  reshape,
  softplus,
  split,
  sub,
} from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/** Of each component: the logit of its weight, its middle and its width. */
const numbersOfComponent = 3;

/** The narrowest component, in natural logarithms of time: a thousandth either way. Narrower ones only make learning rough. */
const narrowest = 1e-3;
/** Logarithm of the width above which a component is wider than any time. */
const widest = 2;
/** Beyond all times: where the first unit begins, and the last one ends. */
const beyond = 1000;

/** Of 1, 2, ½, 3, ⅓ and so on, as note values are to one another. */
function logOfRatio(place: number): number {
  const ratio = Math.log(1 + Math.ceil(place / 2));
  return place % 2 === 0 ? -ratio : ratio;
}

export class LogisticMixture {
  readonly #components: number;
  readonly #units: number;
  /** Edges of the units on the logarithm of time, `[units + 1]`: unit u from u - ½ to u + ½. */
  readonly #edges: Tensor;
  /** Where the middles of components begin. `[components]` */
  readonly #middles: Tensor;

  /**
   * @param units 0 to units - 1
   * @param relative how many of the components, the first ones, are given their middle from outside: the logarithm of a time, which
   * is added to the predictions at `middles`, and from which they begin at a ratio
   */
  constructor(components: number, units: number, relative = 0) {
    this.#components = components;
    this.#units = units;
    const inner = Array.from({ length: units - 1 }, (_, u) => Math.log(u + 0.5));
    this.#edges = constant([-beyond, ...inner, beyond]);
    const reach = Math.log(units);
    const absolute = components - relative;
    this.#middles = constant([
      ...Array.from({ length: relative }, (_, k) => logOfRatio(k)),
      ...Array.from({ length: absolute }, (_, k) => (reach * (k + 1)) / (absolute + 1)),
    ]);
  }

  /** Where among a prediction's numbers the middles stand. */
  get middles(): number {
    return this.#components;
  }

  /** Numbers that foretell one time. */
  get size(): number {
    return numbersOfComponent * this.#components;
  }

  /** −log p of units, in nats. Predictions `[N, size]`, targets int32 `[N]` → `[N]`. */
  losses(predictions: Tensor, targets: Tensor): Tensor {
    const [count] = predictions.shape;
    const column = (units: Tensor) => reshape(gather(this.#edges, units), [count, 1]);
    const [lower, upper] = [column(targets), column(add(targets, constant(1, { type: "int32" })))];
    return neg(this.#logProbabilities(predictions, lower, upper, [count, this.#components]));
  }

  /** log p of every unit: `[N, size]` → `[N, units]`. */
  logProbabilities(predictions: Tensor): Tensor {
    const [count] = predictions.shape;
    const units = (from: number) =>
      reshape(
        gather(
          this.#edges,
          constant(
            Array.from({ length: this.#units }, (_, u) => u + from),
            { type: "int32" },
          ),
        ),
        [1, this.#units, 1],
      );
    return this.#logProbabilities(predictions, units(0), units(1), [count, 1, this.#components]);
  }

  /** Of what lies between edges, summed over components: the last axis of `shape`, in which their numbers are laid out. */
  #logProbabilities(predictions: Tensor, lower: Tensor, upper: Tensor, shape: Tensor["shape"]): Tensor {
    const k = this.#components;
    const [weights, middles, widths] = split(predictions, [k, k, k], -1);
    const laidOut = (x: Tensor) => reshape(x, shape);
    const middle = laidOut(add(middles, this.#middles));
    const width = laidOut(add(exp(min(widths, widest)), narrowest));
    const [from, to] = [div(sub(lower, middle), width), div(sub(upper, middle), width)];
    // σ(to) − σ(from) = σ(to) σ(−from) (1 − e^(from − to)), none of which is lost to rounding.
    const apart = log(sub(constant(1), exp(neg(div(sub(upper, lower), width)))));
    const inside = sub(sub(apart, softplus(neg(to))), softplus(from));
    const joint = add(laidOut(logSoftmax(weights, -1)), inside);
    const most = reduceMax(joint, [-1], { keep: true });
    const sum = log(reduceSum(exp(sub(joint, most)), -1, { keep: true }));
    const total = add(most, sum);
    return reshape(total, total.shape.slice(0, -1));
  }
}
