/** @file Token streams by chance, and what must hold of the music they decode to. Used by the laws and by the fuzzer. */
import { notesOf, type Performance, pedalsOf } from "../../src/music/performance.ts";
import type { GrammarStart, Representation } from "../../src/representations/index.ts";
import type { Random } from "../../src/util/random.ts";

/**
 * Any integers at all: from the vocabulary, from a handful of tokens that keep meeting one another, or from anywhere.
 */
export function randomStream({ fields }: Representation, random: Random): Int32Array {
  const length = random.integer(120);
  const largest = Math.max(...fields.map((field) => field.size));
  const sort = random.integer(3);
  const palette = Array.from({ length: 6 }, () => random.integer(largest));
  return Int32Array.from({ length }, (_, i) => {
    if (sort === 0) return random.integer(fields[i % fields.length].size);
    if (sort === 1) return palette[random.integer(palette.length)];
    return random.integer(2) === 0 ? random.integer(largest + 40) - 20 : Math.floor(random.next() * 2 ** 32);
  });
}

/**
 * A stream in which every token is one that the mask allows: uniformly, or uniformly among the kinds of tokens first,
 * so that the 128 pitches do not drown the rest.
 */
export function sampleUnderMask(
  representation: Representation,
  start: GrammarStart,
  steps: number,
  random: Random,
): Int32Array {
  const state = representation.grammar(start);
  const byKind = random.integer(2) === 0;
  const kinds = representation.fields.map(({ size }, field) =>
    Array.from({ length: size }, (_, token) => representation.describe(token, field).split(":")[0]),
  );
  return Int32Array.from({ length: steps * representation.fields.length }, () => {
    const kindOf = kinds[state.field];
    let choices = allowedTokens(state.allowed());
    if (byKind) {
      const allowed = [...new Set(choices.map((token) => kindOf[token]))];
      const kind = allowed[random.integer(allowed.length)];
      choices = choices.filter((token) => kindOf[token] === kind);
    }
    const token = choices[random.integer(choices.length)];
    state.advance(token);
    return token;
  });
}

export function allowedTokens(mask: Uint8Array): number[] {
  const tokens: number[] = [];
  mask.forEach((isAllowed, token) => {
    if (isAllowed === 1) tokens.push(token);
  });
  return tokens;
}

/** What is wrong with decoded music; undefined where nothing is. */
export function faultOf(performance: Performance, longest = Number.POSITIVE_INFINITY): string | undefined {
  const { duration } = performance;
  if (!(Number.isFinite(duration) && duration >= 0)) return `duration ${duration}`;
  for (const { start, end, pitch, velocity } of notesOf(performance)) {
    const note = `note ${pitch} from ${start} to ${end}`;
    if (!(start >= 0 && end > start)) return `${note}: no length`;
    if (!(end <= duration)) return `${note}: beyond ${duration}`;
    if (!(end - start <= longest + 1e-6)) return `${note}: longer than ${longest}`;
    if (!(Number.isInteger(pitch) && pitch >= 0 && pitch <= 127)) return `${note}: pitch ${pitch}`;
    if (!(Number.isInteger(velocity) && velocity >= 1 && velocity <= 127))
      return `${note}: velocity ${velocity}`;
  }
  for (const { time, value } of pedalsOf(performance)) {
    if (!(time >= 0 && time <= duration)) return `pedal at ${time}: beyond ${duration}`;
    if (!(value >= 0 && value <= 127)) return `pedal value ${value}`;
  }
  return undefined;
}
