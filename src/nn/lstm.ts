/**
 * @file LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), one layer.
 *
 * Gates lie in the order i, f, o, g, so that one sigmoid covers three of them.
 */
import { customGradient } from "../graph/custom-gradient.ts";
import { add, concat, gemm, mul, scan, sigmoid, split, sub, tanh } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { type Initialiser, lecunUniform } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";
import {
  type RecurrentInput,
  RecurrentProjection,
  type RecurrentSizes,
  sequencesOf,
} from "./recurrent-input.ts";

export interface LstmOptions extends RecurrentSizes {
  /** Where the forget gate's bias begins: at 1 a young network remembers (Jozefowicz et al. 2015). */
  readonly forgetBias?: number;
}

/** Hidden state and cell, `[B, hiddenSize]` each. */
export type LstmState = readonly [hidden: Tensor, cell: Tensor];

export class Lstm {
  readonly hiddenSize: number;
  readonly #input: RecurrentProjection;
  /** `[hiddenSize, 4 · hiddenSize]` */
  readonly #hiddenWeight: Tensor;

  constructor(scope: ParameterScope, options: LstmOptions) {
    const { hiddenSize, forgetBias = 1 } = options;
    const bias: Initialiser = (data) => {
      data.fill(0).fill(forgetBias, hiddenSize, 2 * hiddenSize);
    };
    this.hiddenSize = hiddenSize;
    this.#input = new RecurrentProjection(scope.child("input"), options, 4 * hiddenSize, bias);
    this.#hiddenWeight = scope.declare("hidden.weight", [hiddenSize, 4 * hiddenSize], lecunUniform);
  }

  /** One step; the new hidden state is the output. */
  step(input: RecurrentInput, [hidden, cell]: LstmState): LstmState {
    return advance(gemm(hidden, this.#hiddenWeight, this.#input.forward(input)), cell);
  }

  /** All steps: outputs `[T, B, hiddenSize]`, and the states after the last one. */
  forward(
    input: RecurrentInput,
    [hidden, cell]: LstmState,
  ): { readonly outputs: Tensor; readonly state: LstmState } {
    const { sequences, inputAt } = sequencesOf(input);
    const { states, outputs } = scan({
      states: [hidden, cell],
      sequences,
      step: ([before, cellBefore], elements) => {
        const [after, cellAfter] = this.step(inputAt(elements), [before, cellBefore]);
        return { states: [after, cellAfter], outputs: [after] };
      },
    });
    return { outputs: outputs[0], state: [states[0], states[1]] };
  }
}

/**
 * The gates, from what flows into them `[B, 4 · hiddenSize]`.
 *
 * The gradient is written by hand to multiply what flows back by two slopes that do not depend on it: they are computed
 * in the forward pass, and the backward pass is seven nodes.
 */
function advance(gates: Tensor, cell: Tensor): LstmState {
  const [, width] = gates.shape;
  const size = Number(width) / 4;
  const [open, candidate] = split(gates, [3 * size, size], 1);
  const opened = sigmoid(open);
  const [i, f, o] = split(opened, [size, size, size], 1);
  const g = tanh(candidate);
  const cellAfter = add(mul(f, cell), mul(i, g));
  const squashed = tanh(cellAfter);
  const after = mul(o, squashed);
  const one = constant(1);
  const slopeOfCell = sub(o, mul(after, squashed));
  const slopeOfOpened = mul(sub(opened, mul(opened, opened)), concat([g, cell, squashed], 1));
  const slopeOfGates = concat([slopeOfOpened, mul(i, sub(one, mul(g, g)))], 1);
  const [hidden, renamedCell] = customGradient([gates, cell], [after, cellAfter], ([toHidden, toCell]) => {
    const throughHidden = toHidden && mul(toHidden, slopeOfCell);
    const toCellAfter = throughHidden && toCell ? add(toCell, throughHidden) : (throughHidden ?? toCell);
    if (toCellAfter === undefined) return [undefined, undefined];
    const toOutputGate = toHidden ?? mul(toCellAfter, 0);
    const toGates = mul(concat([toCellAfter, toCellAfter, toOutputGate, toCellAfter], 1), slopeOfGates);
    return [toGates, mul(toCellAfter, f)];
  });
  return [hidden, renamedCell];
}
