/** @file A model as a library has it: music that streams, and that ends when nobody listens any more. */
import type { MusicEvent, Passage, PlayedNote } from "../../generation/index.ts";
import { createPerformance, ensembleOf, type Performance } from "../../music/index.ts";
import type { Representation } from "../../representations/index.ts";
import type { Runtime } from "../../runtime/session.ts";
import type { MusicOptions } from "./music-options.ts";
import { openStage, type Playable, type PlayRequest, type StepGraph, stepOf } from "./stage.ts";

/**
 * Each call opens a session of its own, on one thread unless `threads` says otherwise, and gives it back when the music ends, when
 * `signal` is aborted, which throws its reason, and when the loop over it is left.
 */
export interface MusicModel {
  readonly name: string;
  /** SHA-256 of its parameters. */
  readonly fingerprint: string;
  readonly representation: Representation;
  /**
   * Notes in the order of their onsets, each as soon as its end, and that of those before it, is known: whoever has one that
   * begins at a time has all that begin earlier. A note ends with its key: what the pedal holds of a model that has one is told by
   * `events` and `perform`; models of `performance` have it in the ends of their notes.
   */
  generate(request?: PlayRequest): AsyncGenerator<PlayedNote, void>;
  /** Every note-on, note-off and movement of the pedal as soon as it is drawn: for players that cannot wait for the end. */
  events(request?: PlayRequest): AsyncGenerator<MusicEvent, void>;
  /** A whole piece. */
  perform(request?: PlayRequest): Promise<Performance>;
}

/** @param provider an execution provider of the runtime; its default unless given */
export function createMusicModel(runtime: Runtime, playable: Playable, provider?: string): MusicModel {
  const steps = new Map<MusicOptions["precision"], StepGraph>();
  const stepFor = (precision: MusicOptions["precision"]) => {
    const step = steps.get(precision) ?? stepOf(playable, precision);
    steps.set(precision, step);
    return step;
  };

  async function* passages(request: PlayRequest = {}): AsyncGenerator<Passage, void> {
    // A step of one sequence is small: a second thread hardly hurries it, and whatever else runs delays two sooner than one.
    const { precision = "float32", threads = 1 } = request;
    const stage = await openStage(runtime, playable, stepFor(precision), {
      inline: true,
      threads,
      ...(provider !== undefined && { provider }),
    });
    try {
      yield* stage.play(request);
    } finally {
      await stage.dispose();
    }
  }

  return {
    name: playable.name,
    fingerprint: playable.fingerprint,
    representation: playable.representation,
    async *generate(request) {
      for await (const { notes } of passages(request)) yield* notes;
    },
    async *events(request) {
      for await (const { events } of passages(request)) yield* events;
    },
    perform: (request) => collect(passages(request)),
  };
}

/** A piece as a whole: it lasts until its last note ends. */
export async function collect(passages: AsyncIterable<Passage>): Promise<Performance> {
  const told: PlayedNote[] = [];
  const pedals: { time: number; controller: number; value: number }[] = [];
  for await (const passage of passages) {
    for (const note of passage.notes) told.push(note);
    for (const event of passage.events) {
      if (event.type === "pedal") {
        pedals.push({ time: event.time, controller: 64, value: event.isDown ? 127 : 0 });
      }
    }
  }
  const players = [...new Set(told.map(rankOf))].sort((a, b) => a - b);
  const notes = told.map((note) => ({ ...note, instrument: players.indexOf(rankOf(note)) }));
  const instruments = ensembleOf(players.map((rank) => ({ program: rank % drums, isDrum: rank === drums })));
  return told.some(({ player }) => player)
    ? createPerformance({ notes, pedals, instruments })
    : createPerformance({ notes: told, pedals });
}

const drums = 128;

/** Players stand by program, drums last. */
const rankOf = ({ player }: PlayedNote) => (player?.isDrum ? drums : (player?.program ?? 0));
