/** @file How music of a representation is played: what differs between streams of events and streams of whole notes. */
import type { Performance } from "../music/index.ts";
import type { GrammarState, Representation } from "../representations/index.ts";
import type { Random } from "../util/random.ts";
import { eventIdiom } from "./event-idiom.ts";
import type { Ending, Length, Meter } from "./meter.ts";
import { stepIdiom } from "./step-idiom.ts";
import type { TokenTable } from "./token-table.ts";
import type { Transcript } from "./transcript.ts";

/** What a piece from its beginning goes on from: one token at least. */
export interface Opening {
  /** What is heard and is not music yet. */
  readonly before: Int32Array;
  /** What is heard and belongs to the music. */
  readonly music: Int32Array;
}

/** How a piece from its beginning is to begin. */
export interface OpeningOptions {
  /** Whether nothing is foretold before a whole note was heard: then there is one. */
  readonly hearsWhole?: boolean;
  /** Whether the model is told what the music is to be like. Not so unless given. */
  readonly isTold?: boolean;
  /** What a note that is not drawn may be of; anything unless given. */
  readonly pitchClasses?: readonly number[] | undefined;
}

/** Tokens are single ones, also where a step of the representation has several fields. */
export interface Idiom {
  readonly table: TokenTable;
  /** Steps that tokens move time on before music begins: of those who play along, where another is heard ahead of them. */
  readonly delay: number;
  opening(random: Random, options?: OpeningOptions): Opening;
  /**
   * What may be drawn; undefined where anything may.
   *
   * @param isConstrained whether only what the representation allows is drawn; otherwise whatever can be drawn at all
   * @param isNew whether a piece begins: with sound
   */
  grammar(isConstrained: boolean, isNew: boolean): GrammarState | undefined;
  /** @param ending cuts what sounds beyond it, where it is a time */
  transcript(ending: Ending): Transcript;
  /** The token itself, or as much of its time as is left before the end, where time can be divided. */
  fitted(token: number, ending: Ending, meter: Meter): number;
  /** A primer as training heard it, to its end in time where tokens can tell that. */
  encode(primer: Performance): Int32Array;
  /** The beginning of music, to so many seconds, or to its n-th note. */
  firstPart(tokens: Int32Array, length: Length): Int32Array;
  /** The last part of music, no longer than a length; empty where no note fits into it. */
  lastPart(tokens: Int32Array, length: Length): Int32Array;
}

/** @throws UsageError for a representation whose tokens do not say by themselves what they strike and how long it takes */
export function idiomOf(representation: Representation): Idiom {
  return representation.timeline === undefined ? stepIdiom(representation) : eventIdiom(representation);
}
