/** @file Beginnings and last parts of streams of whole notes, as primers: whole steps, never half of one. */
import { createPerformance, notesOf } from "../music/index.ts";
import type { Representation } from "../representations/index.ts";
import { amountOf, type Ending, isOver, type Length, Meter, stepsPerSecond } from "./meter.ts";
import type { TokenTable } from "./token-table.ts";

interface Step {
  readonly from: number;
  readonly to: number;
  readonly strikes: boolean;
  /** What there was before it; in seconds, before its note is struck. */
  readonly before: Meter;
}

function* stepsOf(tokens: Int32Array, { unit }: Ending, table: TokenTable): Generator<Step> {
  const meter = new Meter(table);
  let from = 0;
  let before = meter.copy();
  let strikes = false;
  for (const [i, token] of tokens.entries()) {
    if (table.onset[token] >= 0) {
      strikes = true;
      if (unit === "seconds") before = meter.copy();
    }
    meter.add(token);
    if (table.ends[token] === 0) continue;
    yield { from, to: i + 1, strikes, before };
    from = i + 1;
    before = meter.copy();
    strikes = false;
  }
}

/** The beginning of a piece: to its n-th note, or to the last that is struck before a time. */
export function firstSteps(tokens: Int32Array, length: Length, table: TokenTable): Int32Array {
  const ending = { unit: length.unit, at: amountOf(length) };
  for (const { from, before } of stepsOf(tokens, ending, table)) {
    if (isOver(before, ending)) return tokens.slice(0, from);
  }
  return tokens;
}

/** Of single tokens: music as it sounds, and every note where it stands in the stream. */
interface Representations {
  readonly whole: Pick<Representation, "encode">;
  readonly told: Pick<Representation, "decode">;
  /** Seconds by which one of the players stands earlier in the stream. */
  readonly ahead: number;
}

/** The last part of a piece, which begins with a note at once and is no longer than a length. */
export function lastSteps(
  tokens: Int32Array,
  length: Length,
  table: TokenTable,
  representations: Representations,
): Int32Array {
  const { unit } = length;
  const ending = { unit, at: new Meter(table, tokens).of(unit) - amountOf(length) };
  for (const { from, to, strikes, before } of stepsOf(tokens, ending, table)) {
    if (!strikes || !isOver(before, ending)) continue;
    const first = atOnce(tokens.slice(from, to), representations);
    return Int32Array.of(...first, ...tokens.subarray(to));
  }
  return new Int32Array(0);
}

/** The same note without the time before it. */
function atOnce(step: Int32Array, { told, whole, ahead }: Representations): Int32Array {
  const heard = told.decode(step);
  const [note] = notesOf(heard);
  if (note === undefined || (ahead === 0 && note.start * stepsPerSecond < 1)) return step;
  const notes = [{ ...note, start: 0, end: note.end - note.start }];
  return whole.encode(createPerformance({ notes, instruments: heard.instruments }));
}
