/**
 * @file What a model's numbers say of the step to come, and how well they foretold it: one softmax over a stream of
 * events, several over the fields of a note, densities of times. Whoever trains or measures a model asks this, and never
 * which model it is.
 */
import { add, and, argMax, cast, equal, reshape, slice, split } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { crossEntropy } from "../nn/loss.ts";

export interface Outcome {
  /** Tokens of a step: 1 for a stream of events. */
  readonly fields: number;
  /** How many different tokens each field has. */
  readonly fieldSizes: readonly number[];
  /** Numbers that the model answers for each step. */
  readonly size: number;
  /**
   * Whether times are numbers and no classes: one that is too short becomes the shortest that may come, and a piece opens with a
   * whole note, before which nothing is foretold. Not so unless given.
   */
  readonly hasNumbers?: boolean;
  /** What losses are in: nats are −log p of what came; anything else is comparable with its like alone. */
  readonly unit: "nats" | "loss";
  /** Of predictions `[N, size]` and what came, int32 `[N, fields]`, the loss of each. `[N]` */
  losses(predictions: Tensor, targets: Tensor): Tensor;
  /** Whether what came was the likeliest of all, in every field that is a choice: times are none. bool `[N]` */
  foretold(predictions: Tensor, targets: Tensor): Tensor;
  /**
   * Logits of every token, field beside field: what the next step is drawn from, each field by itself. Of predictions
   * `[N, size]`; `[N, vocabulary]`.
   */
  logits(predictions: Tensor): Tensor;
}

/** One softmax over so many tokens. */
export function categorical(size: number): Outcome {
  const one = (targets: Tensor) => reshape(targets, [targets.shape[0]]);
  return {
    fields: 1,
    fieldSizes: [size],
    size,
    unit: "nats",
    losses: (logits, targets) => crossEntropy(logits, one(targets)),
    foretold: (logits, targets) => equal(cast(argMax(logits, 1), "int32"), one(targets)),
    logits: (predictions) => predictions,
  };
}

/**
 * A softmax for each field of a step, drawn side by side: what a step loses is the sum, so its likelihood is their product.
 * (Magenta trains by the mean of the six, the same but for the length of its gradients.)
 */
export function factored(sizes: readonly number[]): Outcome {
  const size = sizes.reduce((sum, each) => sum + each, 0);
  const each = <Result>(
    logits: Tensor,
    targets: Tensor,
    ask: (outcome: Outcome, logits: Tensor, targets: Tensor) => Result,
  ) =>
    split(logits, sizes, 1).map((own, field) =>
      ask(categorical(sizes[field]), own, slice(targets, 1, field, field + 1)),
    );
  return {
    fields: sizes.length,
    fieldSizes: sizes,
    size,
    unit: "nats",
    losses: (logits, targets) =>
      each(logits, targets, ({ losses }, own, came) => losses(own, came)).reduce((sum, one) => add(sum, one)),
    foretold: (logits, targets) =>
      each(logits, targets, ({ foretold }, own, came) => foretold(own, came)).reduce((all, one) =>
        and(all, one),
      ),
    logits: (predictions) => predictions,
  };
}

/** The shape of tokens: those of a step stand beside one another where there are several. */
export function tokenShape<Dimension>(
  { fields }: Outcome,
  leading: readonly Dimension[],
): readonly (Dimension | number)[] {
  return fields === 1 ? leading : [...leading, fields];
}
