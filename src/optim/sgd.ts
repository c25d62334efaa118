/**
 * @file `sgd`: gradient descent, with momentum as PyTorch defines it: buffer = momentum · buffer + gradient, where
 * the learning rate multiplies the buffer as it is now and not each gradient as it was.
 *
 * Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Sutskever et al., "On the
 * importance of initialization and momentum in deep learning" (ICML 2013), for Nesterov's form.
 */
import { z } from "zod";
import { ConfigError } from "../util/errors.ts";
import { decayed, decayOf } from "./decay.ts";
import { defineOptimiser, type Pace, type Target } from "./optimiser.ts";

const schema = z.object({
  momentum: z.number().min(0).lt(1).default(0.9).describe("share of the last step that goes on; 0 for none"),
  nesterov: z.boolean().default(false).describe("look ahead by the momentum"),
  weightDecay: z.number().min(0).default(0).describe("L2 penalty, added to the gradient"),
  decayed,
});

export const sgd = defineOptimiser({
  name: "sgd",
  summary: "Gradient descent with momentum",
  config: schema,
  create: (config) => {
    if (config.nesterov && config.momentum === 0) {
      throw new ConfigError(
        "optimiser sgd: found Nesterov's form without momentum, expected a momentum above 0",
        ["nesterov"],
      );
    }
    const roles = config.momentum > 0 ? ["momentum"] : [];
    return {
      roles: () => roles,
      apply(targets, pace) {
        for (const target of targets) {
          if (config.momentum > 0) moveByMomentum(target, config, pace);
          else moveByGradient(target, config, pace);
        }
      },
    };
  },
});

type Options = z.output<typeof schema>;

function moveByMomentum(target: Target, options: Options, { learningRate, gradientScale }: Pace): void {
  const { parameter, gradient } = target;
  const [buffer] = target.slots;
  const { momentum, nesterov } = options;
  const penalty = decayOf(target.shape, options);
  const ofGradient = nesterov ? 1 : 0;
  const ofBuffer = nesterov ? momentum : 1;
  for (let i = 0; i < parameter.length; i++) {
    const before = parameter[i];
    const slope = gradient[i] * gradientScale + penalty * before;
    const moving = momentum * buffer[i] + slope;
    buffer[i] = moving;
    parameter[i] = before - learningRate * (ofGradient * slope + ofBuffer * moving);
  }
}

function moveByGradient(target: Target, options: Options, { learningRate, gradientScale }: Pace): void {
  const { parameter, gradient } = target;
  const penalty = decayOf(target.shape, options);
  for (let i = 0; i < parameter.length; i++) {
    const before = parameter[i];
    parameter[i] = before - learningRate * (gradient[i] * gradientScale + penalty * before);
  }
}
