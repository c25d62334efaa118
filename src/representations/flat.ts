/**
 * @file A stream of single tokens out of steps of several fields: for models with one softmax over all of them. The token of
 * value v in a field is v plus the sizes of the fields before it, so that each token says which field it belongs to.
 *
 * This is the one place that knows of these offsets.
 */
import type { Column } from "../music/performance.ts";
import type { Field, GrammarStart, GrammarState, Representation } from "./representation.ts";

/**
 * The same music as a stream with one field of `vocabularySize` tokens. A representation of one field is returned as it is.
 *
 * Decoding leaves out tokens that do not belong to a whole step, wherever they stand: a stream may begin and end within one.
 */
export function flatRepresentation(representation: Representation): Representation {
  const { fields, vocabularySize } = representation;
  if (fields.length === 1) return representation;
  const layout = layoutOf(fields);
  return Object.freeze({
    ...representation,
    fields: [{ name: "token", size: vocabularySize }],
    encode: (performance) => flatTokens(fields, representation.encode(performance)),
    decode: (tokens, options) => representation.decode(stepsOfFlat(fields, tokens), options),
    describe(token) {
      const field = layout.fieldOf(token);
      return field === undefined
        ? `unknown:${token}`
        : representation.describe(token - layout.offsets[field], field);
    },
    grammar: (start) => flatGrammar(layout, representation.grammar(start), start),
  } satisfies Representation);
}

/** Steps, their fields side by side, as single tokens: length stays. What is outside its field becomes -1. */
export function flatTokens(fields: readonly Field[], steps: Column): Int32Array {
  const { offsets } = layoutOf(fields);
  return Int32Array.from({ length: steps.length }, (_, i) => {
    const field = i % fields.length;
    const value = steps[i];
    return value >= 0 && value < fields[field].size ? value + offsets[field] : -1;
  });
}

/** The whole steps among single tokens, their fields side by side. */
export function stepsOfFlat(fields: readonly Field[], tokens: Column): Int32Array {
  const { offsets, fieldOf } = layoutOf(fields);
  const steps = new Int32Array(tokens.length);
  let whole = 0;
  let field = 0;
  for (let i = 0; i < tokens.length; i++) {
    const found = fieldOf(tokens[i]);
    if (found === undefined) continue;
    // A step that is not gone on with is none; whatever begins one begins it anew.
    if (found !== field) field = 0;
    if (found !== field) continue;
    steps[whole + field] = tokens[i] - offsets[field];
    field = (field + 1) % fields.length;
    if (field === 0) whole += fields.length;
  }
  return steps.slice(0, whole);
}

/**
 * A grammar that knows nothing but the order of fields: what is left of it where anything may be drawn.
 *
 * @returns undefined for a representation of one field, where anything may follow anything
 */
export function fieldOrder({ fields }: Representation): GrammarState | undefined {
  if (fields.length === 1) return undefined;
  const masks = fields.map(({ size }) => new Uint8Array(size).fill(1));
  const from = (begin: number): GrammarState => {
    let field = begin;
    return {
      get field() {
        return field;
      },
      allowed: () => masks[field],
      advance() {
        field = (field + 1) % fields.length;
      },
      copy: () => from(field),
    };
  };
  return flatGrammar(layoutOf(fields), from(0), "piece");
}

interface Layout {
  readonly size: number;
  /** By field, its first token; and behind the last field the size of the vocabulary. */
  readonly offsets: readonly number[];
  /** Undefined outside the vocabulary. */
  fieldOf(token: number): number | undefined;
}

function layoutOf(fields: readonly Field[]): Layout {
  const offsets = [0];
  for (const { size } of fields) offsets.push(offsets[offsets.length - 1] + size);
  const size = offsets[fields.length];
  return {
    size,
    offsets,
    fieldOf(token) {
      if (!(token >= 0 && token < size)) return undefined;
      let field = 0;
      while (token >= offsets[field + 1]) field++;
      return field;
    },
  };
}

/**
 * @param awaited in the middle of a piece, the field that has to come next in a step whose beginning is not known; -1 where
 * nothing is known at all
 */
function flatGrammar(
  layout: Layout,
  inner: GrammarState,
  start: GrammarStart,
  awaited = start === "piece" ? 0 : -1,
): GrammarState {
  const { size, offsets, fieldOf } = layout;
  const mask = new Uint8Array(size);
  let next = awaited;
  /** Whether the first whole step has begun: from there on the grammar of steps holds. */
  let hasBegun = start === "piece";
  return {
    field: 0,
    allowed() {
      mask.fill(0);
      if (!hasBegun && next !== 0) {
        const [from, to] = next < 0 ? [offsets[1], size] : [offsets[next], offsets[next + 1]];
        mask.fill(1, from, to);
        if (next > 0) return mask;
      }
      mask.set(inner.allowed(), offsets[inner.field]);
      return mask;
    },
    advance(token) {
      const field = fieldOf(token);
      if (hasBegun || field === 0) {
        hasBegun = true;
        // A token of another field than awaited is taken all the same, as something of the one awaited.
        inner.advance(field === inner.field ? token - offsets[field] : 0);
      } else if (field !== undefined) next = (field + 1) % (offsets.length - 1);
    },
    copy: () => flatGrammar(layout, inner.copy(), hasBegun ? "piece" : start, next),
  };
}
