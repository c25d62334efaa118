/**
 * @file `muon`: momentum, orthogonalised, for the matrices inside a network; AdamW for everything else.
 *
 * Source: Jordan, Jin, Boza, You, Cesista, Newhouse & Bernstein, "Muon: an optimizer for hidden layers in neural
 * networks" (2024), with the averaged momentum, Nesterov's form and the scale of their reference implementation.
 */
import { z } from "zod";
import { invariant, UsageError } from "../util/errors.ts";
import type { NamedArray } from "../util/parameters.ts";
import { adamRule, momentOptions } from "./adam-rule.ts";
import { decayed } from "./decay.ts";
import { defineOptimiser, type OptimiserTools, type Pace, type Rule, type Target } from "./optimiser.ts";
import { orthogonaliseByNewtonSchulz } from "./orthogonalise.ts";
import { matchesAny } from "./patterns.ts";

const names = z.array(z.string().min(1));

const schema = z.object({
  hidden: names
    .default(["*"])
    .describe("names of hidden matrices, * for any characters; only parameters of two axes count"),
  others: names
    .default(["*embedding*", "conditioning.*", "layers.0.input.*", "output.*"])
    .describe(
      "names of matrices that are not hidden after all: tables, what reads the controls, and the last layer",
    ),
  outputs: z
    .enum(["rows", "columns"])
    .default("columns")
    .describe("axis of a matrix that counts the outputs: columns for x·W as in this library, rows for W·x"),
  momentum: z.number().min(0).lt(1).default(0.95).describe("decay of the mean of gradients"),
  nesterov: z.boolean().default(true).describe("look ahead by the momentum"),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe("share of a hidden matrix lost per step, times learning rate"),
  adamw: z
    .strictObject({
      learningRateFactor: z
        .number()
        .positive()
        .default(0.015)
        .describe("its learning rate as a share of that for hidden matrices: 0.0003 beside 0.02"),
      ...momentOptions(0.95),
      weightDecay: z
        .number()
        .min(0)
        .default(0)
        .describe("share of a weight lost per step, times learning rate"),
      decayed,
    })
    .prefault({})
    .describe("AdamW for embeddings, the last layer, gains and biases"),
});

type Options = z.output<typeof schema>;

export const muon = defineOptimiser({
  name: "muon",
  summary: "Muon: orthogonalised momentum for hidden matrices, AdamW for the rest",
  config: schema,
  create: muonRule,
});

const momentumRoles = ["momentum"] as const;

function muonRule(options: Options, tools: OptimiserTools): Rule {
  const { orthogonalise = orthogonaliseByNewtonSchulz } = tools;
  const adamw = adamRule(options.adamw, "decoupled");
  const isHidden = (name: string, shape: readonly number[]) =>
    shape.length === 2 && matchesAny(name, options.hidden) && !matchesAny(name, options.others);
  return {
    roles: (name, shape) => (isHidden(name, shape) ? momentumRoles : adamw.roles(name, shape)),
    async apply(targets, pace) {
      const hidden = targets.filter(({ name, shape }) => isHidden(name, shape));
      if (hidden.length === 0) {
        throw new UsageError(
          `muon found no hidden matrix among ${targets.map(({ name }) => name).join(", ")}, expected one of two axes ` +
            "that `hidden` names and `others` does not: mend the patterns, or use adamw",
        );
      }
      // All directions first, since they may fail, and nothing may be written before; then what cannot fail.
      const stacks = stacked(hidden);
      for (const { targets: members, data } of stacks) {
        for (const [i, target] of members.entries())
          lookAhead(target, placeOf(i, target, data), options, pace);
      }
      const directions = await orthogonalise(stacks);
      const areWhole = stacks.every(({ data }, s) => directions[s]?.data.length === data.length);
      invariant(areWhole, "stacks of orthogonal matrices have the shapes of what was given");
      for (const [s, { targets: members }] of stacks.entries()) {
        for (const [i, target] of members.entries())
          moveAlong(target, placeOf(i, target, directions[s].data), options, pace);
      }
      const rest = targets.filter(({ name, shape }) => !isHidden(name, shape));
      const learningRate = pace.learningRate * options.adamw.learningRateFactor;
      await adamw.apply(rest, { ...pace, learningRate });
    },
  };
}

/** Matrices of one shape, behind each other in one array. */
interface Stack extends NamedArray {
  readonly targets: readonly Target[];
}

function stacked(targets: readonly Target[]): readonly Stack[] {
  const byShape = new Map<string, Target[]>();
  for (const target of targets) {
    const alike = byShape.get(target.shape.join());
    if (alike) alike.push(target);
    else byShape.set(target.shape.join(), [target]);
  }
  return [...byShape.values()].map((alike) => ({
    targets: alike,
    shape: [alike.length, ...alike[0].shape],
    data: new Float32Array(alike.length * alike[0].parameter.length),
  }));
}

/** Of a stack's numbers, those of one target. */
function placeOf(index: number, { parameter: { length } }: Target, data: Float32Array): Float32Array {
  return data.subarray(index * length, (index + 1) * length);
}

/** Writes the momentum as it will be after this step, or a step ahead of that; the buffer stays as it is. */
function lookAhead(target: Target, ahead: Float32Array, options: Options, { gradientScale }: Pace): void {
  const { gradient } = target;
  const [buffer] = target.slots;
  const { momentum, nesterov } = options;
  // buffer' = momentum · buffer + (1 − momentum) · gradient; ahead, the same once more with buffer'.
  const ofBuffer = nesterov ? momentum * momentum : momentum;
  const ofGradient = (1 - momentum) * gradientScale * (nesterov ? 1 + momentum : 1);
  for (let i = 0; i < ahead.length; i++) ahead[i] = ofBuffer * buffer[i] + ofGradient * gradient[i];
}

function moveAlong(target: Target, direction: Float32Array, options: Options, pace: Pace): void {
  const { parameter, gradient } = target;
  const [buffer] = target.slots;
  const { momentum } = options;
  const { learningRate } = pace;
  const kept = 1 - learningRate * options.weightDecay;
  const stride = learningRate * scaleOf(target.shape, options);
  const fresh = (1 - momentum) * pace.gradientScale;
  for (let i = 0; i < parameter.length; i++) {
    buffer[i] = momentum * buffer[i] + fresh * gradient[i];
    parameter[i] = kept * parameter[i] - stride * direction[i];
  }
}

/** √max(1, outputs ÷ inputs): a tall map moves its outputs as much as a square one does. */
function scaleOf([rows, columns]: readonly number[], { outputs }: Options): number {
  return Math.sqrt(Math.max(1, outputs === "rows" ? rows / columns : columns / rows));
}
