/** @file The contract of a representation: how music becomes tokens, and tokens music. */
import { z } from "zod";
import type { Column, Performance } from "../music/performance.ts";
import { readConfiguration } from "../util/configuration.ts";
import { UserError } from "../util/errors.ts";

/** One place of a step: a stream of events has one field, a factored note has several. */
export interface Field {
  readonly name: string;
  /** Tokens of this field are 0 to size - 1. */
  readonly size: number;
}

export interface DecodeOptions {
  /** Notes that last longer are cut: 5 s in Magenta's generation. Default: no limit. */
  readonly maximumNoteSeconds?: number;
}

/** What each token of an event stream does, column by column: what controls are computed from. */
export interface Timeline {
  /** Steps of 10 ms by which the token moves time on; 0 for most. */
  readonly steps: Column;
  /** Pitch that the token strikes, or -1. */
  readonly onset: Column;
  /** Pitch that the token releases, or -1. */
  readonly release: Column;
  /** Velocity of the notes that follow; 0 where the token leaves it as it was. */
  readonly velocity: Column;
}

/** Where a stream stands, as far as its grammar is concerned. */
export interface GrammarState {
  /** Index of the field that the next token belongs to. */
  readonly field: number;
  /** Per token of the next field, 1 where the grammar allows it. Valid until the next `advance`. */
  allowed(): Uint8Array;
  /** Takes the next token; one that is not allowed is taken all the same. */
  advance(token: number): void;
  copy(): GrammarState;
}

/** How a stream begins: at the start of a piece, or somewhere in the middle with unknown notes sounding. */
export type GrammarStart = "piece" | "middle";

/** How music of several players is told, note after note: what it takes to play along with some of them. */
export interface Ensemble {
  /** Fields of a step that say when, who and what. */
  readonly shiftField: number;
  readonly programField: number;
  readonly pitchField: number;
  /** By token of the shift, seconds since the onset before; rising. */
  readonly shiftSeconds: Column;
  /** The program that stands for drums, behind those of General MIDI. */
  readonly drums: number;
  /** The pitch that is no note: nothing but the longest shift, by program 0. */
  readonly rest: number;
  /** The program that others accompany, and by how many seconds its notes stand earlier in the stream than theirs. */
  readonly lead: number;
  readonly ahead: number;
  /** The same tokens, and every note where it stands in the stream, as if nobody led. */
  readonly told: Pick<Representation, "encode" | "decode">;
}

export interface Representation {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
  /** Number of distinct tokens over all fields. */
  readonly vocabularySize: number;
  /** What the tokens keep of a performance: with sustain folded in, say. A second time changes nothing. */
  normalise(performance: Performance): Performance;
  /**
   * Tokens of a whole piece, the fields of a step side by side: length = steps × fields.
   *
   * @throws RepresentationError where the music does not fit (several programs, a day long).
   */
  encode(performance: Performance): Int32Array;
  /** Never throws, whatever the tokens, and never leaves a note hanging. Ids outside the vocabulary are skipped. */
  decode(tokens: Column, options?: DecodeOptions): Performance;
  /** A readable name; the names of a field are distinct. */
  describe(token: number, field?: number): string;
  grammar(start: GrammarStart): GrammarState;
  /** Of those that hold several players; undefined where music is of one instrument. */
  readonly ensemble?: Ensemble;
  /** For streams of events; undefined where a step is more than one event. */
  readonly timeline: ((tokens: Column) => Timeline) | undefined;
}

/** Music that a representation cannot hold. */
export class RepresentationError extends UserError {}

/** Longer music is refused: its time shifts alone would fill the memory. */
export const longestSeconds = 24 * 3600;

export interface RepresentationDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the representation. */
  open(config?: unknown): Representation;
}

type Made = Omit<Representation, "name" | "config" | "vocabularySize">;

export function defineRepresentation<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Made;
}): RepresentationDefinition {
  const { name, summary, config: schema, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}) {
      const config = readConfiguration(schema, json, `representation ${name}`);
      const made = create(config);
      const vocabularySize = made.fields.reduce((sum, field) => sum + field.size, 0);
      return Object.freeze({ ...made, name, config, vocabularySize });
    },
  };
}

/** Refuses music that is too long or, for representations of one instrument, has several programs. */
export function checkFits(performance: Performance, name: string, onePrograms: boolean): void {
  const { notes, instruments } = performance;
  const last = notes.count === 0 ? 0 : notes.start[notes.count - 1];
  if (Math.max(last, performance.duration) > longestSeconds) {
    throw new RepresentationError(
      `found music of ${(performance.duration / 3600).toFixed(1)} hours, expected at most 24: cut the file`,
    );
  }
  if (!onePrograms) return;
  const plays = new Uint8Array(instruments.length);
  for (let i = 0; i < notes.count; i++) plays[notes.instrument[i]] = 1;
  const used = new Set(instruments.filter((_, i) => plays[i] === 1).map(({ program }) => program));
  if (used.size > 1) {
    throw new RepresentationError(
      `found ${used.size} programs (${[...used].sort((a, b) => a - b).join(", ")}), ` +
        `expected one: \`${name}\` holds one instrument; prepare it with --set programs=merge to join them`,
    );
  }
}
