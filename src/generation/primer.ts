/** @file What comes before the music, as tokens: a beginning of a piece, the last part of one, or nothing. */
import type { GrammarState } from "../representations/index.ts";
import type { EventTable } from "./event-table.ts";
import { type Length, Meter, stepsPerSecond } from "./meter.ts";
import type { TokenTable } from "./token-table.ts";

/** Tokens that move time on by so many steps. */
function shifts(steps: number, { shift, longestShift }: EventTable): readonly number[] {
  const whole = new Array<number>(Math.floor(steps / longestShift)).fill(shift[longestShift]);
  const rest = steps % longestShift;
  return rest === 0 ? whole : [...whole, shift[rest]];
}

/** What is heard first where there is no primer: a second of silence, before which nothing was (REPRESENTATIONS 1.7). */
export function silence(table: EventTable): Int32Array {
  return Int32Array.from(shifts(Math.min(stepsPerSecond, table.longestShift), table));
}

/** Steps from one moment to the next, as music goes that is neither slow nor fast. */
const usualStep = 12;

/** The same where the model is told what is to come: a second without a note would say that it is slow. */
export function moment(table: EventTable): Int32Array {
  return Int32Array.from(shifts(Math.min(usualStep, table.longestShift), table));
}

/** The same tokens, and after them time to so many steps from the beginning. */
export function padded(tokens: Int32Array, steps: number, table: EventTable): Int32Array {
  const missing = steps - new Meter(table, tokens).steps;
  return missing > 0 ? Int32Array.from([...tokens, ...shifts(missing, table)]) : tokens;
}

/**
 * The beginning of a piece, to so many seconds, or to its n-th note. What sounds there sounds on: it is not released, for
 * that is up to whatever goes on from here.
 */
export function firstPart(tokens: Int32Array, { unit, amount }: Length, table: EventTable): Int32Array {
  const meter = new Meter(table);
  for (const [i, token] of tokens.entries()) {
    if (unit === "seconds") {
      const end = Math.floor(amount * stepsPerSecond + 0.5);
      if (meter.steps + table.steps[token] > end) return padded(tokens.slice(0, i), end, table);
    }
    meter.add(token);
    if (unit !== "seconds" && meter.of(unit) >= amount) return tokens.slice(0, i + 1);
  }
  return tokens;
}

/**
 * The last part of a piece, which begins with a note and is no longer than a length. Loudness and pedal are as they were, and
 * releases of notes that were struck earlier are left out.
 */
export function lastPart(tokens: Int32Array, { unit, amount }: Length, table: EventTable): Int32Array {
  const most = unit === "seconds" ? Math.floor(amount * stepsPerSecond + 0.5) : amount;
  const whole = new Meter(table, tokens).of(unit);
  const before = new Meter(table);
  const older = new Int32Array(128);
  let [loudness, pedal]: [number[], number[]] = [[], []];
  let begin = 0;
  for (; begin < tokens.length; begin++) {
    const token = tokens[begin];
    // Loudness and pedal may be one event each beside what is kept.
    const kept = whole - before.of(unit) + (unit === "events" ? 2 : 0);
    if (table.onset[token] >= 0 && kept <= most) break;
    if (table.onset[token] >= 0) older[table.onset[token]]++;
    if (table.release[token] >= 0) older[table.release[token]] = Math.max(0, older[table.release[token]] - 1);
    if (table.velocity[token] > 0) loudness = [token];
    if (table.pedal[token] !== 0) pedal = table.pedal[token] > 0 ? [token] : [];
    before.add(token);
  }
  const part: number[] = [...pedal, ...loudness];
  let waited = 0;
  for (const token of tokens.subarray(begin)) {
    const pitch = table.release[token];
    waited += table.steps[token];
    if (table.steps[token] > 0) continue;
    // A release is the oldest note's.
    if (pitch >= 0 && older[pitch] > 0) {
      older[pitch]--;
      continue;
    }
    part.push(...shifts(waited, table), token);
    waited = 0;
  }
  return begin === tokens.length ? new Int32Array(0) : Int32Array.from([...part, ...shifts(waited, table)]);
}

/** A grammar that allows no time to pass before the first note: a piece begins with music. */
export function soundFirst(grammar: GrammarState, table: TokenTable, sounds = false): GrammarState {
  let hasBegun = sounds;
  return {
    field: grammar.field,
    allowed() {
      const mask = grammar.allowed();
      if (!hasBegun) {
        for (let i = 0; i < mask.length; i++) if (table.steps[i] > 0 && table.onset[i] < 0) mask[i] = 0;
      }
      return mask;
    },
    advance(token) {
      if (table.onset[token] >= 0) hasBegun = true;
      grammar.advance(token);
    },
    copy: () => soundFirst(grammar.copy(), table, hasBegun),
  };
}
