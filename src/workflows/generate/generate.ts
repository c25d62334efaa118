/** @file `generate`: pieces by a model, as MIDI files. Each is written when it is whole, while others are still made. */
import type { Finish, Length, Passage } from "../../generation/index.ts";
import { midiFromPerformance, writeMidi } from "../../midi/index.ts";
import type { Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { invariant } from "../../util/errors.ts";
import { openDevice } from "../device/index.ts";
import { drawPicture } from "../inspect/picture.ts";
import { findModel, steerableModel } from "../model/index.ts";
import { indexOfModel, type OriginalityOfPiece, originalityOfPiece } from "../originality/of-model.ts";
import { adjust } from "../render/adjust.ts";
import { type Addition, readAccompanied, withAdded } from "./accompany.ts";
import { commandOf } from "./command.ts";
import { steers } from "./control-options.ts";
import { inLanes } from "./lanes.ts";
import { collect } from "./music-model.ts";
import { lengthOf, musicSchema } from "./music-options.ts";
import { type GenerateInput, type GenerateOptions, generateSchema } from "./options.ts";
import { type Paths, pathsOf } from "./paths.ts";
import { readMusicOf, readPrimer } from "./primer.ts";
import { playableOf, type Stage } from "./stage.ts";

export interface Piece extends Paths {
  readonly notes: number;
  /** Until the last note ends. */
  readonly seconds: number;
  /** Events that were drawn: those of the primer are not among them. */
  readonly events: number;
  /** Σ log p of the events drawn, in nats: under the model itself, and as they were drawn, temperature included. */
  readonly logLikelihood: number;
  readonly drawnLogLikelihood: number;
  /** Notes that were added to what was given; null where nothing was. */
  readonly added: readonly Addition[] | null;
  /** How much of it the model has heard; null where that was not asked for, or no index lies beside the model. */
  readonly originality: OriginalityOfPiece | null;
}

export interface Generated {
  readonly model: string;
  /** SHA-256 of the model's parameters. */
  readonly fingerprint: string;
  readonly representation: string;
  readonly seed: string;
  readonly device: string;
  readonly precision: string;
  /** What was asked for, in words. */
  readonly length: string;
  readonly pieces: readonly Piece[];
  /** Over all pieces, from the moment that the model was open. */
  readonly eventsPerSecond: number;
  /** What was done that was not asked for. */
  readonly notices: readonly string[];
}

export interface GenerateSettings {
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece once its music is written; its sound may follow. */
  readonly made?: ((performance: Performance, piece: Piece) => void) | undefined;
}

/**
 * Makes pieces and writes them.
 *
 * @param input with a seed: where randomness begins is the caller's to say
 * @throws UsageError for options that do not go together; what finding a model, reading and writing throw; and whatever
 *   `signal` is aborted with
 */
export async function generate(
  platform: Platform,
  input: Omit<GenerateInput, "seed"> & { readonly seed: string | number },
  { signal, made = () => undefined }: GenerateSettings = {},
): Promise<Generated> {
  const seed = String(input.seed);
  const options = generateSchema.parse({ ...input, seed });
  const found = await findModel(platform, options.model ?? (steers(options) ? steerableModel : undefined));
  const paths = await pathsOf(platform.store, found.name, seed, options);
  const { name: device, provider } = await openDevice(platform, options.device);
  const learnt = options.originality ? await indexOfModel(platform, found.folder) : undefined;
  const primer = await readPrimer(platform, options, found.representation);
  const accompanied = await readAccompanied(platform, options, found.representation);
  const { ensemble } = found.representation;
  const like =
    options.like === undefined ? undefined : await readMusicOf(platform, options.like, found.representation);
  const length: Length = accompanied
    ? { unit: "seconds", amount: accompanied.given.duration }
    : lengthOf(options, like?.duration);
  const playable = playableOf(found);
  const notices = new Set<string>();
  const notice = (sentence: string) => notices.add(sentence);
  const report = progressOf(platform, length, options.samples);
  const finished: Made[] = [];

  async function makeOne(stage: Stage, index: number): Promise<void> {
    const music = musicSchema.parse(options);
    const request = { ...music, seed, index, primer, accompanied, like, signal, notice };
    const { performance: drawn, finish } = await perform(stage.play(request), (passage) =>
      report(index, passage),
    );
    const whole =
      accompanied && ensemble ? withAdded(accompanied, drawn, ensemble) : { performance: drawn, added: null };
    const { performance, remarks } = adjust(whole.performance, options);
    for (const remark of remarks) notice(remark);
    const { midi } = paths[index];
    const texts = [
      `Made by Rubato ${platform.release.version}`,
      `model ${playable.name}, SHA-256 ${playable.fingerprint}`,
      `seed ${seed}${options.samples > 1 ? `, piece ${index + 1} of ${options.samples}` : ""}`,
      commandOf(playable.name, seed, options),
    ];
    const file = midiFromPerformance(performance, { title: playable.name, texts });
    await platform.store.write(midi, writeMidi(file));
    const piece = {
      ...paths[index],
      notes: performance.notes.count,
      seconds: performance.duration,
      events: finish.drawn,
      logLikelihood: finish.modelLogLikelihood,
      drawnLogLikelihood: finish.logLikelihood,
      added: whole.added,
      originality: learnt ? originalityOfPiece(performance, learnt) : null,
    };
    finished[index] = { performance, piece };
    made(performance, piece);
  }

  const { samples: pieces, batch: lanes, precision, threads } = options;
  const milliseconds = await inLanes(
    platform,
    playable,
    { pieces, lanes, precision, threads, provider },
    makeOne,
  );
  for (const each of finished) await showAndSound(platform, each, options);
  const events = finished.reduce((sum, { piece }) => sum + piece.events, 0);
  return {
    model: playable.name,
    fingerprint: playable.fingerprint,
    representation: playable.representation.name,
    seed,
    device,
    precision,
    length: accompanied
      ? `as long as ${options.accompany}`
      : `${length.amount} ${length.unit}${options.additional ? " more" : " in all"}`,
    pieces: finished.map(({ piece }) => piece),
    eventsPerSecond: milliseconds > 0 ? (1000 * events) / milliseconds : 0,
    notices: [...notices],
  };
}

interface Made {
  readonly performance: Performance;
  readonly piece: Piece;
}

/** Picture and sound of a piece, as far as they are wanted. */
async function showAndSound(
  platform: Platform,
  { performance, piece }: Made,
  options: GenerateOptions,
): Promise<void> {
  const { midi, plot, wav, mp3 } = piece;
  if (plot !== null) await drawPicture(platform, plot, performance, { title: midi });
  if (wav === null && mp3 === null) return;
  // Loaded where there is sound to make: until the first event every tenth of a second counts.
  const { makeSound, pianoFor } = await import("../render/sound.ts");
  const piano = await pianoFor(platform, performance);
  const wanted = { performance, piano, options, wav: wav !== null, mp3: mp3 !== null };
  const sound = await makeSound(wanted, (done, total) =>
    platform.report({ stage: "playing", done, total, unit: "notes" }),
  );
  if (wav !== null && sound.wav) await platform.store.write(wav, sound.wav);
  if (mp3 !== null && sound.mp3) await platform.store.write(mp3, sound.mp3);
}

async function perform(
  passages: AsyncGenerator<Passage, Finish>,
  report: (passage: Passage) => void,
): Promise<{ readonly performance: Performance; readonly finish: Finish }> {
  let finish: Finish | undefined;
  async function* watched(): AsyncGenerator<Passage> {
    for (let next = await passages.next(); ; next = await passages.next()) {
      if (next.done === true) {
        finish = next.value;
        return;
      }
      report(next.value);
      yield next.value;
    }
  }
  const performance = await collect(watched());
  invariant(finish, "a piece that was heard to its end is finished");
  return { performance, finish };
}

/** How far all pieces are, in the unit of their length. */
function progressOf(platform: Platform, { unit, amount }: Length, samples: number) {
  const done = new Float64Array(samples);
  return (index: number, { tokens, events }: Passage) => {
    const last = events.at(-1);
    if (unit === "seconds" && last) done[index] = Math.min(amount, last.time);
    if (unit === "events") done[index] += tokens.length;
    if (unit === "notes") for (const { type } of events) if (type === "note-on") done[index]++;
    const sum = Math.floor(done.reduce((total, each) => total + each, 0));
    platform.report({ stage: "generating", done: sum, total: Math.ceil(samples * amount), unit });
  };
}
