/**
 * @file The contract of an optimiser: a pure pair, `init` and `update`, over named arrays. It hides nothing: what it
 * remembers between steps is a plain value that a checkpoint can hold.
 *
 * Source: the shape is that of optax (DeepMind JAX Ecosystem, 2020), donation that of `jax.jit`.
 */
import { z } from "zod";
import { readConfiguration } from "../util/configuration.ts";
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { checkArrays, copyArrays, mapArrays, zerosLike } from "./arrays.ts";
import type { Orthogonalise } from "./orthogonalise.ts";

/** What an optimiser remembers: an empty one is made by `init`, saved and restored as it is. */
export interface OptimiserState {
  /** Updates made so far. */
  readonly step: number;
  /** By role, then by parameter: `slots.firstMoment["head.weight"]` has the shape of `head.weight`. */
  readonly slots: Readonly<Record<string, Parameters>>;
}

export interface Update {
  readonly parameters: Parameters;
  /** Of the loss towards each parameter, with the same names and shapes. Never changed. */
  readonly gradients: Parameters;
  readonly state: OptimiserState;
  /** For this step, from a schedule: `schedule.rate(state.step)`. */
  readonly learningRate: number;
  /** Factor on all gradients, applied on the fly: the `scale` of `clipByGlobalNorm`. 1 unless given. */
  readonly gradientScale?: number;
  /**
   * Gives the arrays of `parameters` and `state` away: they are overwritten and come back as the new ones, so that a
   * step allocates nothing. Whoever donates goes on with what is returned. Without it, arrays are copied first and no
   * argument changes.
   */
  readonly donate?: boolean;
}

export interface Updated {
  readonly parameters: Parameters;
  readonly state: OptimiserState;
}

export interface Optimiser {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The state before the first update: step 0, all slots zero. */
  init(parameters: Parameters): OptimiserState;
  /**
   * One step of descent. The arrays of a record must not overlap. Gradients are taken to be finite: `globalNorm`
   * looks at them. When it rejects, nothing has been written, not even to donated arrays.
   *
   * @throws ParameterMismatchError where gradients or state do not belong to the parameters; UsageError where `muon`
   * finds no hidden matrix among them.
   */
  update(update: Update): Promise<Updated>;
}

/** Heavy work that a platform may do better than plain TypeScript. */
export interface OptimiserTools {
  /** For `muon`. Unless given, `orthogonaliseByNewtonSchulz`, which holds the thread for seconds with large models. */
  readonly orthogonalise?: Orthogonalise;
}

export interface OptimiserDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the optimiser. */
  open(config?: unknown, tools?: OptimiserTools): Optimiser;
}

/** One parameter on its way: arrays of one length, of which all but the gradient are overwritten. */
export interface Target {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  /** In the order of the roles that the rule named for this parameter. */
  readonly slots: readonly Float32Array[];
}

/** What all targets of one update have in common. */
export interface Pace {
  /** Which update it is, from 1. */
  readonly count: number;
  readonly learningRate: number;
  readonly gradientScale: number;
}

/** What makes one optimiser differ from the next. */
export interface Rule {
  /** Roles of the slots that a parameter needs. */
  roles(name: string, shape: readonly number[]): readonly string[];
  /** Moves the targets in place; if it throws, then before it has written anything. */
  apply(targets: readonly Target[], pace: Pace): void | Promise<void>;
}

export function defineOptimiser<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>, tools: OptimiserTools) => Rule;
}): OptimiserDefinition {
  const { name, summary, config: schema, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}, tools = {}) {
      const config = readConfiguration(schema, json, `optimiser ${name}`);
      const rule = create(config, tools);
      return Object.freeze({
        name,
        config,
        init: (parameters: Parameters) => ({ step: 0, slots: emptySlots(rule, parameters) }),
        update: (update: Update) => applyRule(rule, update),
      });
    },
  };
}

async function applyRule(rule: Rule, update: Update): Promise<Updated> {
  const { gradients, state, learningRate, gradientScale = 1, donate = false } = update;
  invariant(Number.isFinite(learningRate * gradientScale), "learning rate and scale of gradients are finite");
  checkArrays(update.parameters, gradients, "gradient");
  checkSlots(rule, update.parameters, state);
  const parameters = donate ? update.parameters : copyArrays(update.parameters);
  const slots = donate
    ? state.slots
    : Object.fromEntries(Object.entries(state.slots).map(([role, arrays]) => [role, copyArrays(arrays)]));
  const targets = Object.entries(parameters).map(([name, { shape, data }]) => ({
    name,
    shape,
    parameter: data,
    gradient: gradients[name].data,
    slots: rule.roles(name, shape).map((role) => slots[role][name].data),
  }));
  const count = state.step + 1;
  await rule.apply(targets, { count, learningRate, gradientScale });
  return { parameters, state: { step: count, slots } };
}

/** By role, the parameters that have such a slot. */
function holders(rule: Rule, parameters: Parameters): ReadonlyMap<string, Parameters> {
  const named = Object.entries(parameters).map(([name, array]) => ({
    name,
    array,
    roles: rule.roles(name, array.shape),
  }));
  const held = (role: string) => named.filter(({ roles }) => roles.includes(role));
  return new Map(
    [...new Set(named.flatMap(({ roles }) => roles))].map((role) => [
      role,
      Object.fromEntries(held(role).map(({ name, array }) => [name, array])),
    ]),
  );
}

function emptySlots(rule: Rule, parameters: Parameters): OptimiserState["slots"] {
  return Object.fromEntries(
    [...holders(rule, parameters)].map(([role, held]) => [role, mapArrays(held, zerosLike)]),
  );
}

function checkSlots(rule: Rule, parameters: Parameters, { slots }: OptimiserState): void {
  const wanted = holders(rule, parameters);
  for (const role of new Set([...wanted.keys(), ...Object.keys(slots)])) {
    checkArrays(wanted.get(role) ?? {}, slots[role] ?? {}, `${role} in the state of the optimiser`);
  }
}
