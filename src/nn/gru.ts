/**
 * @file GRU (Cho et al. 2014), one layer, in the form of cuDNN and PyTorch: the reset gate is applied after the product
 * with the hidden weights, so that one product serves all gates. Gates lie in the order r, z, n.
 */
import { customGradient } from "../graph/custom-gradient.ts";
import { add, concat, gemm, mul, scan, sigmoid, slice, split, sub, tanh } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { constantly, lecunUniform } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";
import {
  type RecurrentInput,
  RecurrentProjection,
  type RecurrentSizes,
  sequencesOf,
} from "./recurrent-input.ts";

export class Gru {
  readonly hiddenSize: number;
  readonly #input: RecurrentProjection;
  /** `[hiddenSize, 3 · hiddenSize]` */
  readonly #hiddenWeight: Tensor;
  /** `[3 · hiddenSize]` */
  readonly #hiddenBias: Tensor;

  constructor(scope: ParameterScope, options: RecurrentSizes) {
    const { hiddenSize } = options;
    this.hiddenSize = hiddenSize;
    this.#input = new RecurrentProjection(scope.child("input"), options, 3 * hiddenSize, constantly(0));
    this.#hiddenWeight = scope.declare("hidden.weight", [hiddenSize, 3 * hiddenSize], lecunUniform);
    this.#hiddenBias = scope.declare("hidden.bias", [3 * hiddenSize], constantly(0));
  }

  /** One step: the new hidden state `[B, hiddenSize]`, which is the output. */
  step(input: RecurrentInput, hidden: Tensor): Tensor {
    return advance(this.#input.forward(input), gemm(hidden, this.#hiddenWeight, this.#hiddenBias), hidden);
  }

  /** All steps: outputs `[T, B, hiddenSize]`, and the state after the last one. */
  forward(input: RecurrentInput, hidden: Tensor): { readonly outputs: Tensor; readonly state: Tensor } {
    const { sequences, inputAt } = sequencesOf(input);
    const { states, outputs } = scan({
      states: [hidden],
      sequences,
      step: ([before], elements) => {
        const after = this.step(inputAt(elements), before);
        return { states: [after], outputs: [after] };
      },
    });
    return { outputs: outputs[0], state: states[0] };
  }
}

/** The gates, from what the input and the hidden state bring to them, `[B, 3 · hiddenSize]` each. */
function advance(fromInput: Tensor, fromHidden: Tensor, hidden: Tensor): Tensor {
  const [, size] = hidden.shape.map(Number);
  const one = constant(1);
  const [openInput, candidateInput] = split(fromInput, [2 * size, size], 1);
  const [openHidden, candidateHidden] = split(fromHidden, [2 * size, size], 1);
  const opened = sigmoid(add(openInput, openHidden));
  const [r, z] = split(opened, [size, size], 1);
  const n = tanh(add(candidateInput, mul(r, candidateHidden)));
  const difference = sub(hidden, n);
  const after = add(n, mul(z, difference));
  // Slopes of the new state towards the gates, known in the forward pass.
  const slopeOfCandidate = mul(sub(one, z), sub(one, mul(n, n)));
  const slopeOfOpened = mul(
    sub(opened, mul(opened, opened)),
    concat([mul(slopeOfCandidate, candidateHidden), difference], 1),
  );
  const slopes = concat([slopeOfOpened, slopeOfCandidate], 1);
  const slopeOfHiddenCandidate = mul(slopeOfCandidate, r);
  const [renamed] = customGradient([fromInput, fromHidden, hidden], [after], ([cotangent]) => {
    if (cotangent === undefined) return [undefined, undefined, undefined];
    const toInput = mul(concat([cotangent, cotangent, cotangent], 1), slopes);
    const toHidden = concat([slice(toInput, 1, 0, 2 * size), mul(cotangent, slopeOfHiddenCandidate)], 1);
    return [toInput, toHidden, mul(cotangent, z)];
  });
  return renamed;
}
