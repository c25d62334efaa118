/** @file How long a piece is so far, and whether that is as long as was asked for. */
import { invariant, UsageError } from "../util/errors.ts";
import type { EventTable } from "./event-table.ts";
import type { TokenTable } from "./token-table.ts";

/** Steps are of 10 ms. */
export const stepsPerSecond = 100;

export interface Length {
  readonly unit: "seconds" | "events" | "notes";
  readonly amount: number;
}

/** Counts what tokens add up to. */
export class Meter {
  readonly #table: TokenTable;
  #steps = 0;
  #events = 0;
  #notes = 0;
  /** Notes that are struck, and of which more is to come: how loud they are, and how long. */
  #unfinished = 0;

  /** @param tokens what is counted already */
  constructor(table: TokenTable, tokens: Iterable<number> = []) {
    this.#table = table;
    for (const token of tokens) this.add(token);
  }

  get steps(): number {
    return this.#steps;
  }

  get events(): number {
    return this.#events;
  }

  get notes(): number {
    return this.#notes;
  }

  copy(): Meter {
    const same = new Meter(this.#table);
    same.#steps = this.#steps;
    same.#events = this.#events;
    same.#notes = this.#notes;
    same.#unfinished = this.#unfinished;
    return same;
  }

  /** In the unit of a length; seconds as steps. */
  of(unit: Length["unit"]): number {
    return unit === "seconds" ? this.#steps : unit === "events" ? this.#events : this.#notes;
  }

  add(token: number): void {
    this.#steps += this.#table.steps[token];
    this.#events++;
    if (this.#table.onset[token] >= 0) this.#unfinished++;
    if (this.#table.ends[token] === 0) return;
    this.#notes += this.#unfinished;
    this.#unfinished = 0;
  }
}

/** Times that are no whole steps add up to a little less than they are. */
const tolerance = 1e-6;

/** Whether as much was made as was asked for. */
export const isOver = (meter: Meter, { unit, at }: Ending): boolean => meter.of(unit) > at - tolerance;

/** A length in what meters count. */
export const amountOf = ({ unit, amount }: Length): number =>
  unit === "seconds" ? Math.floor(amount * stepsPerSecond + 0.5) : amount;

/** Where a piece ends. */
export interface Ending {
  readonly unit: Length["unit"];
  /** As the meter counts. */
  readonly at: number;
}

/**
 * @param delay steps that are counted before music begins
 * @throws UsageError where nothing is left to be made
 */
export function endingOf(length: Length, additional: boolean, before: Meter, delay = 0): Ending {
  const amount = amountOf(length) + (length.unit === "seconds" ? delay : 0);
  const at = additional ? before.of(length.unit) + amount : amount;
  const ending = { unit: length.unit, at };
  if (!isOver(before, ending)) return ending;
  throw new UsageError(
    `found a length of ${length.amount} ${length.unit} that the primer fills, expected a longer one: ask for more, or for additional ${length.unit}`,
  );
}

/** The token itself, or as much of its time as is left before the end. */
export function fitted(token: number, { unit, at }: Ending, meter: Meter, table: EventTable): number {
  if (unit !== "seconds" || meter.steps + table.steps[token] <= at) return token;
  invariant(meter.steps < at, "nothing is made after the end");
  return table.shift[at - meter.steps];
}
