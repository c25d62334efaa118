/**
 * @file Whole notes as they come, by decoding the last of the tokens again and again.
 *
 * This rests on two things that hold of every representation of whole notes, and are tested of each: more tokens add notes and
 * change none, and what a note is hangs on no more than a chord's tokens before it.
 */
import { type Performance, piano } from "../music/index.ts";
import type { Representation } from "../representations/index.ts";
import { stepsPerSecond } from "./meter.ts";
import type { TokenTable } from "./token-table.ts";
import type { MusicEvent, PlayedNote, Transcript } from "./transcript.ts";

/** Tokens that are decoded again: more than the largest chord has notes, so that none is cut in two. */
const kept = 160;

/** Seconds between two reckonings of the same time, at most. */
const tolerance = 1e-7;

export interface StepTranscriptOptions {
  /** After these tokens nothing sounds that has no end yet. */
  readonly silence: Int32Array;
  /** Seconds told by tokens after which nothing sounds, of those that belong to the music. */
  readonly until: number;
  /** Whose notes are heard so many seconds before they sound with the others. */
  readonly lead: { readonly program: number; readonly ahead: number };
}

export class StepTranscript implements Transcript {
  readonly #representation: Representation;
  readonly #table: TokenTable;
  readonly #options: StepTranscriptOptions;
  /** The last tokens, from the beginning of a step on, and when they begin. Times are seconds since the first token. */
  #tail: number[] = [];
  #tailBegins = 0;
  #clock = 0;
  /** When music begins, for those who do not lead. */
  #origin: number;
  /** And when it ends, since then. */
  #until: number;
  #longest = Number.POSITIVE_INFINITY;
  /** Where the clock stood when notes were last looked for: those that come begin no earlier. */
  #horizon = 0;
  /** Notes from the horizon on that were told, or are not to be told. */
  #told: readonly string[] = [];
  #notes: PlayedNote[] = [];
  #events: MusicEvent[] = [];
  /** Note-offs whose time has not come. */
  #sounding: MusicEvent[] = [];

  /** @param representation one of single tokens */
  constructor(representation: Representation, table: TokenTable, options: StepTranscriptOptions) {
    this.#representation = representation;
    this.#table = table;
    this.#options = options;
    this.#origin = options.lead.ahead;
    this.#until = options.until - options.lead.ahead;
  }

  get seconds(): number {
    return Math.min(this.#clock - this.#origin, this.#until);
  }

  hear(token: number): void {
    this.#tail.push(token);
    this.#clock += this.#table.steps[token] / stepsPerSecond;
    if (this.#table.ends[token] === 0) return;
    this.#look(this.#tail);
    this.#release(this.#clock);
    if (this.#tail.length >= 2 * kept) this.#shorten();
  }

  limit(seconds: number): void {
    this.#longest = seconds;
  }

  begin(): void {
    this.#origin = Math.max(this.#clock, this.#origin);
    this.#until = this.#options.until;
    // With those that have no end yet.
    this.#told = this.#lately([...this.#tail, ...this.#options.silence]).map(keyOf);
    this.#notes = [];
    this.#events = [];
    this.#sounding = [];
  }

  close(rings: boolean): void {
    if (rings) this.#look([...this.#tail, ...this.#options.silence]);
    this.#release(Number.POSITIVE_INFINITY);
    this.#clock = Number.POSITIVE_INFINITY;
  }

  takeEvents(): readonly MusicEvent[] {
    const { due, later } = this.#divided(this.#events, ({ time }) => time);
    this.#events = later;
    return due;
  }

  takeNotes(): readonly PlayedNote[] {
    const { due, later } = this.#divided(this.#notes, ({ start }) => start);
    this.#notes = later;
    return due;
  }

  /** What is earlier than all that may come, in the order of time; and what was heard ahead of its time. */
  #divided<Told>(all: readonly Told[], timeOf: (each: Told) => number) {
    const now = this.#clock - this.#origin + tolerance;
    const due = all.filter((each) => timeOf(each) <= now).sort((a, b) => timeOf(a) - timeOf(b));
    return { due, later: all.filter((each) => timeOf(each) > now) };
  }

  /** Tells what has come to be known. */
  #look(tokens: readonly number[]): void {
    const found = this.#lately(tokens);
    const told = [...this.#told];
    for (const note of found) {
      const place = told.indexOf(keyOf(note));
      if (place < 0) this.#tell(note);
      else told.splice(place, 1);
    }
    this.#horizon = this.#clock;
    this.#told = found.filter(({ start }) => start >= this.#horizon - tolerance).map(keyOf);
  }

  #tell(note: PlayedNote): void {
    const { lead } = this.#options;
    const leads = note.player !== undefined && !note.player.isDrum && note.player.program === lead.program;
    const origin = this.#origin - (leads ? lead.ahead : 0);
    const start = Math.max(0, note.start - origin);
    const end = Math.min(note.end - origin, this.#until);
    if (!(end > start)) return;
    this.#notes.push({ ...note, start, end });
    this.#events.push({ ...named(note), type: "note-on", time: start, velocity: note.velocity });
    this.#sounding.push({ ...named(note), type: "note-off", time: end });
  }

  /** Puts note-offs up to a time among the events, which stand by time, releases before what is struck. */
  #release(until: number): void {
    const isDue = ({ time }: MusicEvent) => time <= until - this.#origin + tolerance;
    this.#events.push(...this.#sounding.filter(isDue));
    this.#sounding = this.#sounding.filter((event) => !isDue(event));
    this.#events.sort(
      (a, b) => a.time - b.time || Number(a.type === "note-on") - Number(b.type === "note-on"),
    );
  }

  /** Lets go of tokens on which nothing hangs any more. */
  #shorten(): void {
    const { ends, steps } = this.#table;
    let from = this.#tail.length - kept;
    while (from > 0 && ends[this.#tail[from - 1]] === 0) from--;
    for (const token of this.#tail.splice(0, from)) this.#tailBegins += steps[token] / stepsPerSecond;
    this.#told = this.#lately(this.#tail).map(keyOf);
  }

  /** Notes from the horizon on, in the order of their onsets. */
  #lately(tokens: readonly number[]): readonly PlayedNote[] {
    const options = { maximumNoteSeconds: this.#longest };
    const performance = this.#representation.decode(Int32Array.from(tokens), options);
    const { start, count } = performance.notes;
    const from = this.#horizon - this.#tailBegins - tolerance;
    let first = count;
    while (first > 0 && start[first - 1] >= from) first--;
    return Array.from({ length: count - first }, (_, i) =>
      playedNote(performance, first + i, this.#tailBegins),
    );
  }
}

function playedNote({ notes, instruments }: Performance, i: number, begins: number): PlayedNote {
  const instrument = instruments[notes.instrument[i]];
  return {
    pitch: notes.pitch[i],
    start: begins + notes.start[i],
    end: begins + notes.end[i],
    velocity: notes.velocity[i],
    // The usual piano is what is meant where nothing is said.
    ...(instrument !== piano && { player: instrument }),
  };
}

const named = ({ pitch, player }: PlayedNote) => ({ pitch, ...(player && { player }) });

/** Not its end, which may be cut. */
const keyOf = ({ start, pitch, velocity, player }: PlayedNote): string =>
  [start, pitch, velocity, player?.program, player?.isDrum].join(" ");
