/**
 * @file The step of Adam and AdamW, in one pass over the memory: clipping's factor, both moments, decay and the move.
 *
 * Sources: Kingma & Ba, "Adam: a method for stochastic optimization" (ICLR 2015), algorithm 1, with ε added to
 * √v̂ as in the paper and in PyTorch; Loshchilov & Hutter, "Decoupled weight decay regularization" (ICLR 2019).
 */
import { z } from "zod";
import { type DecayOptions, decayOf } from "./decay.ts";
import type { Pace, Rule, Target } from "./optimiser.ts";

/** Options that Adam, AdamW and the inner AdamW of Muon share. */
export const momentOptions = (beta2: number) => ({
  beta1: z.number().min(0).lt(1).default(0.9).describe("decay of the mean of gradients"),
  beta2: z.number().min(0).lt(1).default(beta2).describe("decay of the mean of squared gradients"),
  epsilon: z.number().positive().default(1e-8).describe("added to the root of the second moment"),
});

export interface AdamOptions extends DecayOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Decoupled decay shrinks the parameter itself (AdamW); coupled decay is added to its gradient (Adam, as L2). */
type Decay = "coupled" | "decoupled";

const roles = ["firstMoment", "secondMoment"] as const;

export function adamRule(options: AdamOptions, decay: Decay): Rule {
  return {
    roles: () => roles,
    apply(targets, pace) {
      for (const target of targets) moveByMoments(target, options, decay, pace);
    },
  };
}

function moveByMoments(target: Target, options: AdamOptions, decay: Decay, pace: Pace): void {
  const { parameter, gradient } = target;
  const [first, second] = target.slots;
  const { beta1, beta2, epsilon } = options;
  const { count, learningRate, gradientScale } = pace;
  const weightDecay = decayOf(target.shape, options);
  const penalty = decay === "coupled" ? weightDecay : 0;
  const kept = decay === "decoupled" ? 1 - learningRate * weightDecay : 1;
  // Both moments begin at zero and are too small at first: the corrections of section 3 of the paper, of the second
  // moment by a factor above and below rather than on every root.
  const rootCorrection = 1 / Math.sqrt(1 - beta2 ** count);
  const stride = learningRate / (1 - beta1 ** count) / rootCorrection;
  const least = epsilon / rootCorrection;
  const fresh1 = 1 - beta1;
  const fresh2 = 1 - beta2;
  for (let i = 0; i < parameter.length; i++) {
    const before = parameter[i];
    const slope = gradient[i] * gradientScale + penalty * before;
    const mean = beta1 * first[i] + fresh1 * slope;
    const square = beta2 * second[i] + fresh2 * slope * slope;
    first[i] = mean;
    second[i] = square;
    parameter[i] = before * kept - (stride * mean) / (Math.sqrt(square) + least);
  }
}
