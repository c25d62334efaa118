/** @file A piece, as it is made: the primer, event after event, and an end in which nothing is left hanging. */
import type { Random } from "../util/random.ts";
import type { Accompaniment } from "./accompanist.ts";
import { type BeamOptions, searchBeams } from "./beam.ts";
import type { Idiom, Opening, OpeningOptions } from "./idiom.ts";
import type { Listeners } from "./listener.ts";
import { endingOf, isOver, type Length, Meter, stepsPerSecond } from "./meter.ts";
import { Past } from "./past.ts";
import { Sequence, type SequenceSettings } from "./sequence.ts";
import type { MusicEvent, PlayedNote, Transcript } from "./transcript.ts";

export interface PlayOptions extends SequenceSettings {
  readonly length: Length;
  /** Whether the length comes on top of the primer; otherwise the primer counts, as far as it is in the output. */
  readonly additional: boolean;
  /** What the model goes on from; empty for a piece from its beginning. */
  readonly primer: Int32Array;
  readonly primerInOutput: boolean;
  /** Where some of the music is given: then there is no primer. */
  readonly accompaniment?: Accompaniment | undefined;
  /** How a piece without primer begins. */
  readonly opening?: OpeningOptions;
  /** Whether only what the grammar allows is drawn. */
  readonly isConstrained: boolean;
  /** A note that lasts longer is cut: 5 s in Magenta's generation. Those of the primer keep their length. */
  readonly maximumNoteSeconds: number;
  /** What a conditioned model is told of the music that follows, as the piece goes on. */
  readonly told?: ((place: Place) => Float32Array) | undefined;
  readonly random: Random;
  /** Draws each event once unless given. */
  readonly beam?: BeamOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called while the primer is heard. */
  readonly heard?: ((count: number) => void) | undefined;
}

/** How far a piece is. */
export interface Place {
  readonly seconds: number;
  /** Of its whole length, 0 to 1. */
  readonly share: number;
}

/** What one token, or the primer, adds to the piece. */
export interface Passage {
  readonly tokens: readonly number[];
  readonly events: readonly MusicEvent[];
  /** In the order of their onsets. */
  readonly notes: readonly PlayedNote[];
}

export interface Finish {
  /** Events that were drawn. */
  readonly drawn: number;
  /** Length of the piece, without what rings on after its last event. */
  readonly seconds: number;
  /** As `Sequence` has them. */
  readonly logLikelihood: number;
  readonly modelLogLikelihood: number;
}

/**
 * Plays one piece.
 *
 * @returns through the generator, passage after passage; and what it was in all
 * @throws UsageError for a length that the primer fills; ContextError where a model has no room for more; and whatever
 *   `signal` is aborted with
 */
export async function* play(
  idiom: Idiom,
  listeners: Listeners,
  options: PlayOptions,
): AsyncGenerator<Passage, Finish> {
  const { primer, primerInOutput, length, signal, random, told, heard = () => undefined } = options;
  const isNew = primer.length === 0;
  const meter = new Meter(idiom.table, primerInOutput ? primer : []);
  const isCounted = isNew || (primerInOutput && !options.additional);
  const ending = endingOf(length, options.additional, meter, isCounted ? idiom.delay : 0);
  const { accompaniment } = options;
  const { before, music } = accompaniment
    ? split(accompaniment.opening, true)
    : isNew
      ? idiom.opening(random, options.opening)
      : split(primer, primerInOutput);
  if (isNew) for (const token of music) meter.add(token);
  const transcript = idiom.transcript(ending);
  for (const token of before) transcript.hear(token);
  if (before.length > 0) transcript.begin();
  for (const token of music) transcript.hear(token);
  transcript.limit(options.maximumNoteSeconds);
  yield passage([...music], transcript);

  const past = new Past(idiom.grammar(options.isConstrained, isNew), accompaniment?.accompanist.copy());
  const heardFirst = Int32Array.of(...before, ...music);
  const toldAt = (at: Meter) =>
    told?.({ seconds: at.steps / stepsPerSecond, share: Math.min(1, at.of(ending.unit) / ending.at) });
  // What is left out of the output is told what its first moment is told.
  const hearing = new Meter(idiom.table);
  const hear = (place: number) => {
    if (primerInOutput && !isNew) hearing.add(heardFirst[place]);
    return toldAt(hearing);
  };
  const sequence = await Sequence.begin(
    options,
    listeners.create(),
    past,
    heardFirst,
    (count) => {
      signal?.throwIfAborted();
      heard(count);
    },
    hear,
  );
  let drawn = 0;
  const isDone = (at: Meter) => isOver(at, ending);

  /** One more event of a sequence, cut off at the end of the piece. */
  async function extend(of: Sequence, at: Meter): Promise<number> {
    signal?.throwIfAborted();
    const token = idiom.fitted(await of.next(random, toldAt(at)), ending, at);
    at.add(token);
    return token;
  }

  function* tell(token: number): Generator<Passage> {
    drawn++;
    transcript.hear(token);
    yield passage([token], transcript);
  }

  let { logLikelihood, modelLogLikelihood } = sequence;
  if (options.beam === undefined) {
    while (!isDone(meter)) yield* tell(await extend(sequence, meter));
    ({ logLikelihood, modelLogLikelihood } = sequence);
  } else {
    const events = ending.unit === "events" ? ending.at - meter.events : undefined;
    const best = await searchBeams({ sequence, meter }, options.beam, { extend, isDone, events });
    ({ logLikelihood, modelLogLikelihood } = best.sequence);
    for (const token of best.tokens) yield* tell(token);
  }
  const { seconds } = transcript;
  // At a time that was asked for, all ends.
  transcript.close(ending.unit !== "seconds");
  yield passage([], transcript);
  return { drawn, seconds, logLikelihood, modelLogLikelihood };
}

const none = new Int32Array(0);

function split(primer: Int32Array, isMusic: boolean): Opening {
  return isMusic ? { before: none, music: primer } : { before: primer, music: none };
}

function passage(tokens: readonly number[], transcript: Transcript): Passage {
  return { tokens, events: transcript.takeEvents(), notes: transcript.takeNotes() };
}
