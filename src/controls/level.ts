/**
 * @file Controls of one number, the mean of the next seconds or a rate in them, told as one of a few classes: what they have
 * in common. A class says "between these", and a model needs no sense of scale to hear it.
 */
import { z } from "zod";
import type { Performance } from "../music/index.ts";
import { stepsPerSecond } from "../representations/event-stream.ts";
import type { Timeline } from "../representations/index.ts";
import { kebab } from "../util/text.ts";
import { type Ahead, valuesAhead } from "./ahead.ts";
import { classOf, oneHot, readNumbers } from "./classes.ts";
import { type ControlDefinition, type ControlOption, defineControl } from "./control.ts";

export interface Level<Name extends string> {
  readonly name: string;
  readonly summary: string;
  readonly option: ControlOption<Name>;
  /** What may be typed: "a velocity" from 1 to 127. */
  readonly range: { readonly what: string; readonly least: number; readonly most: number };
  /** Where classes end, in the unit of the number. */
  readonly thresholds: readonly number[];
  /** Told where nobody says anything, and something has to be told. */
  readonly usual: number;
  /** Numbers by token, which are summed over the window. */
  columns(timeline: Timeline): readonly ArrayLike<number>[];
  /** The number, from the sums; undefined where there is none, and the row stays zeros. */
  value(ahead: Ahead): number | undefined;
  /** Typed values at which it is tried, and what is measured of the music that comes. */
  readonly levels: readonly string[];
  measure(performance: Performance): number;
}

export function defineLevel<const Name extends string>(level: Level<Name>): ControlDefinition<Name> {
  const { name, summary, option, range, thresholds, levels } = level;
  const size = thresholds.length + 1;
  const told = (value: number) => oneHot(classOf(value, thresholds), size);
  return defineControl({
    name,
    summary,
    option,
    config: z.object({
      windowSeconds: z.number().min(0.01).max(3600).default(3).describe("seconds to look ahead"),
    }),
    create: ({ windowSeconds }) => ({
      size,
      of: "notes",
      trial: { of: "level", levels, measure: (performance) => level.measure(performance) },
      neutral: told(level.usual),
      compute: (timeline) =>
        valuesAhead(
          timeline,
          Math.round(windowSeconds * stepsPerSecond),
          level.columns(timeline),
          size,
          (row, ahead) => {
            const value = level.value(ahead);
            if (value !== undefined) row[classOf(value, thresholds)] = 1;
          },
        ),
      read: (text) => readNumbers(text, { option: `--${kebab(option.name)}`, ...range }).map(told),
    }),
  });
}
