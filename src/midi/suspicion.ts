/**
 * @file One bad data byte is a slip and its event is mended. A heap of them, in messages of several kinds, means that
 * the bytes are no MIDI at all.
 */
import type { WarningList, WarningMark } from "./error.ts";

/** After so many clean events a slip is forgotten. */
const forgetAfter = 16;
/** A program that writes a value too large does so in one or two kinds of message; random bytes in all of them. */
const kindsOfGarbage = 3;

/** Where reading stood before the first of a heap of slips. */
export interface Standing {
  readonly at: number;
  readonly count: number;
  readonly tick: number;
  readonly mark: WarningMark;
}

export class Suspicion {
  #first: Standing | undefined;
  #last = 0;
  #kinds = new Set<number>();
  #wrongFirstByte = false;

  /**
   * Counts a slip in the event at byte `at`, before it is reported. Returns where to go back to once there is a heap:
   * slips in three kinds of message, a first data byte over 127 among them.
   */
  add(
    slip: { readonly status: number; readonly wrongFirstByte: boolean },
    at: number,
    count: number,
    tick: number,
    warnings: WarningList,
  ): Standing | undefined {
    if (this.#first === undefined || count - this.#last > forgetAfter) {
      this.#first = { at, count, tick, mark: warnings.mark() };
      this.#kinds.clear();
      this.#wrongFirstByte = false;
    }
    this.#last = count;
    this.#kinds.add(slip.status >> 4);
    this.#wrongFirstByte ||= slip.wrongFirstByte;
    if (!this.#wrongFirstByte || this.#kinds.size < kindsOfGarbage) return undefined;
    const first = this.#first;
    this.#first = undefined;
    return first;
  }
}
