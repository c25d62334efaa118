/** @file The contract of a schedule: the learning rate of each step, and what it learns from validation losses. */
import { z } from "zod";
import { readConfiguration } from "../../util/configuration.ts";

/** A value: nothing about it changes. */
export interface Schedule {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What it has learnt from losses so far, as JSON for a checkpoint; empty where only the step counts. */
  readonly state: Readonly<Record<string, unknown>>;
  /** @param step updates made so far: 0 before the first, the `step` of an optimiser's state. */
  rate(step: number): number;
  /** The schedule as it goes on after a validation with this loss, lower being better. */
  observe(loss: number): Schedule;
}

export interface ScheduleDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /**
   * The single door: checks a configuration and makes the schedule.
   *
   * @param state of an earlier one, to go on where that stood.
   */
  open(config?: unknown, state?: unknown): Schedule;
}

/** What a learning rate has to be. */
export const positiveRate = z.number().positive();

/** A schedule that depends on the step alone. */
export function defineSchedule<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => (step: number) => number;
}): ScheduleDefinition {
  const { create, ...rest } = definition;
  return defineObservingSchedule({
    ...rest,
    state: z.object({}),
    start: {},
    create: (config) => {
      const rate = create(config);
      return { rate: (_, step) => rate(step), observe: (state) => state };
    },
  });
}

/** A schedule that also follows validation losses. Its state is a plain value, checked when it is taken up again. */
export function defineObservingSchedule<Schema extends z.ZodObject, State extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly state: State;
  readonly start: z.output<State>;
  readonly create: (config: z.output<Schema>) => {
    rate(state: z.output<State>, step: number): number;
    observe(state: z.output<State>, loss: number): z.output<State>;
  };
}): ScheduleDefinition {
  const { name, summary, config: schema, state: stateSchema, start, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}, saved = start) {
      const config = readConfiguration(schema, json, `schedule ${name}`);
      const { rate, observe } = create(config);
      const standing = (state: z.output<State>): Schedule =>
        Object.freeze({
          name,
          config,
          state,
          rate: (step: number) => rate(state, step),
          observe: (loss: number) => standing(observe(state, loss)),
        });
      return standing(readConfiguration(stateSchema, saved, `schedule ${name}, its state`));
    },
  };
}
