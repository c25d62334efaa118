/**
 * @file How streams of whole notes are played. Steps of several fields are played field after field, as single tokens. A note
 * has its length from its tokens, and time moves on by what these say: it cannot be divided.
 */
import { createPerformance, piano } from "../music/index.ts";
import {
  fieldOrder,
  flatRepresentation,
  type GrammarState,
  type Representation,
} from "../representations/index.ts";
import type { Random } from "../util/random.ts";
import type { Idiom, Opening } from "./idiom.ts";
import { type Length, stepsPerSecond } from "./meter.ts";
import { soundFirst } from "./primer.ts";
import { firstSteps, lastSteps } from "./step-primer.ts";
import { stepTable } from "./step-table.ts";
import { StepTranscript } from "./step-transcript.ts";
import type { TokenTable } from "./token-table.ts";

/** @throws UsageError for a representation whose tokens do not tell by themselves what they strike and when */
export function stepIdiom(representation: Representation): Idiom {
  const { ensemble } = representation;
  const { lead = 0, ahead = 0 } = ensemble ?? {};
  // What tokens do is asked as if nobody led: the one that leads is heard earlier than it sounds.
  const told = { ...representation, ...ensemble?.told };
  const table = stepTable(told);
  const flat = flatRepresentation(told);
  const silence = silenceOf(flat);
  const whole = flatRepresentation(representation);
  const delayed = ({ unit, amount }: Length): Length =>
    unit === "seconds" ? { unit, amount: amount + ahead } : { unit, amount };
  return {
    table,
    delay: ahead * stepsPerSecond,
    opening(random, { hearsWhole = false, pitchClasses } = {}) {
      const first = () => firstNote(flat, random, pitchClasses);
      if (hearsWhole) return wholeNote(first(), table);
      return ahead > 0
        ? { before: new Int32Array(0), music: silenceOf(whole) }
        : openingOf(first, table, silence);
    },
    grammar(isConstrained, isNew): GrammarState | undefined {
      // Where steps have several fields, tokens of the wrong one mean nothing at all.
      const grammar = isConstrained ? flat.grammar("piece") : fieldOrder(representation);
      return isNew && isConstrained && grammar ? soundFirst(grammar, table) : grammar;
    },
    transcript: ({ unit, at }) =>
      new StepTranscript(flat, table, {
        silence,
        lead: { program: lead, ahead },
        until: unit === "seconds" ? at / stepsPerSecond : Number.POSITIVE_INFINITY,
      }),
    fitted: (token) => token,
    encode: (primer) => whole.encode(primer),
    firstPart: (tokens, length) => firstSteps(tokens, delayed(length), table),
    lastPart: (tokens, length) => lastSteps(tokens, length, table, { whole, told: flat, ahead }),
  };
}

/** Tokens with which any note begins, whatever it is: silence of a second, or nothing but the beginning of its step. */
function silenceOf(flat: Representation): Int32Array {
  for (const start of [0, 1]) {
    const [one, ...others] = differentNotes.map(({ program, ...note }) =>
      flat.encode(
        createPerformance({
          notes: [{ ...note, start, end: start + note.length }],
          instruments: [{ ...piano, program }],
        }),
      ),
    );
    const length = one.findIndex((token, i) => others.some((other) => other[i] !== token));
    if (length > 0) return one.slice(0, length);
  }
  return new Int32Array(0);
}

const differentNotes = [
  { pitch: 60, velocity: 80, length: 0.5, program: 0 },
  { pitch: 67, velocity: 40, length: 1, program: 40 },
];

/** Pitches from the lowest on, so many. */
const firstPitches = { lowest: 55, count: 18 };

/** Silence, as far as it is not the beginning of a step; where a representation knows none, a note from the middle. */
function openingOf(first: () => Int32Array, { ends }: TokenTable, silence: Int32Array): Opening {
  if (silence.length === 0) return { before: silence, music: first().slice(0, 1) };
  const begins = silence.findLastIndex((token) => ends[token] === 1) + 1;
  return { before: silence.slice(0, begins), music: silence.slice(begins) };
}

function wholeNote(tokens: Int32Array, { ends }: TokenTable): Opening {
  const length = tokens.findIndex((token) => ends[token] === 1) + 1;
  return { before: new Int32Array(0), music: tokens.slice(0, length) };
}

/** A quarter from the middle of the keyboard, where every pitch class is. */
function firstNote(flat: Representation, random: Random, pitchClasses?: readonly number[]): Int32Array {
  const pitches = Array.from({ length: firstPitches.count }, (_, i) => firstPitches.lowest + i).filter(
    (pitch) => pitchClasses?.includes(pitch % 12) ?? true,
  );
  const pitch = pitches[random.integer(pitches.length)];
  return flat.encode(createPerformance({ notes: [{ start: 0, end: 0.5, pitch, velocity: 80 }] }));
}
