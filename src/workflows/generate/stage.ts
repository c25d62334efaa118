/** @file A stage: a model opened to play pieces on, one at a time, until it is disposed of. */

import type { Conditioning } from "../../controls/index.ts";
import {
  type Accompaniment,
  type Finish,
  guided,
  idiomOf,
  type Length,
  openListeners,
  openProcessors,
  type Passage,
  type ProcessorSettings,
  play,
  stepBefore,
} from "../../generation/index.ts";
import { exportStep, type Model } from "../../models/index.ts";
import type { Performance, Scale } from "../../music/index.ts";
import type { Representation } from "../../representations/index.ts";
import type { Runtime, SessionOptions } from "../../runtime/session.ts";
import { readConfiguration } from "../../util/configuration.ts";
import { UsageError } from "../../util/errors.ts";
import type { Parameters } from "../../util/parameters.ts";
import { createRandom } from "../../util/random.ts";
import type { FoundModel } from "../model/index.ts";
import { type Accompanied, accompanimentOf } from "./accompany.ts";
import { lengthOf, type MusicInput, type MusicOptions, musicSchema } from "./music-options.ts";
import { primerTokens } from "./primer-tokens.ts";
import { toldOf } from "./told.ts";

export interface PlayRequest extends MusicInput {
  /** The same seed gives the same music. 0 unless given. */
  readonly seed?: number | string;
  /** Which of the pieces of a seed: each has a stream of randomness of its own. 0 unless given. */
  readonly index?: number;
  /** What to go on from. */
  readonly primer?: Performance | undefined;
  /** What to play along with: the piece is as long, and all of it is heard again among what is played. */
  readonly accompanied?: Accompanied | undefined;
  /** Music whose density, loudness and so on this is to follow; of models that are told of them. */
  readonly like?: Performance | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called while the primer is heard, with the number of its events so far, and of all. */
  readonly heard?: (done: number, total: number) => void;
  /** Called with a sentence where something was done that was not asked for. */
  readonly notice?: (sentence: string) => void;
}

export interface Stage {
  /** @throws UsageError where the request does not fit the model; and whatever `signal` is aborted with */
  play(request?: PlayRequest): AsyncGenerator<Passage, Finish>;
  dispose(): Promise<void>;
}

/** What it takes to play. */
export interface Playable {
  readonly name: string;
  /** SHA-256 of the parameters. */
  readonly fingerprint: string;
  readonly model: Model;
  readonly representation: Representation;
  readonly conditioning: Conditioning;
  readonly parameters: Parameters;
}

export function playableOf({ name, model, representation, conditioning, checkpoint }: FoundModel): Playable {
  const { fingerprint, parameters } = checkpoint;
  return { name, fingerprint, model, representation, conditioning, parameters };
}

/** One step, for one sequence, with weights inside. */
export type StepGraph = ReturnType<typeof exportStep>;

export function stepOf({ model, parameters }: Playable, precision: MusicOptions["precision"]): StepGraph {
  return exportStep(model, parameters, { batch: 1, precision });
}

/** @throws UsageError for models that cannot be played */
export async function openStage(
  runtime: Runtime,
  playable: Playable,
  step: StepGraph,
  options: SessionOptions,
): Promise<Stage> {
  const { model, representation } = playable;
  const idiom = idiomOf(representation);
  const before = stepBefore(representation);
  const listeners = await openListeners(runtime, model, step, { ...options, ...(before && { before }) });
  return {
    async *play(request: PlayRequest = {}) {
      const { seed = 0, index = 0, primer, accompanied, like, signal, heard, ...more } = request;
      const { notice = () => undefined, ...input } = more;
      const music = readConfiguration(musicSchema, input, "music");
      const length: Length = accompanied
        ? { unit: "seconds", amount: accompanied.heard.duration }
        : lengthOf(music, like?.duration);
      const told = toldOf(playable, music, like);
      for (const sentence of told.notices) notice(sentence);
      const tokens = primerTokens(idiom, music, length, primer, notice);
      const { beamSize, branchFactor, stepsPerIteration } = music;
      const isPlain = beamSize === 1 && branchFactor === 1;
      return yield* play(idiom, guided(listeners, told.nothing, told.strength), {
        processors: openProcessors(
          {
            ...processorsOf(music, told.scale),
            ...(model.outcome.hasNumbers && { "shortest-time": {} }),
          },
          idiom.table,
        ),
        told: told.at,
        greedyRatio: music.greedyRatio,
        length,
        additional: music.additional,
        primer: tokens,
        primerInOutput: music.primerInOutput,
        accompaniment: accompanied && accompanimentFor(representation, accompanied),
        opening: {
          hearsWhole: model.outcome.hasNumbers === true,
          isTold: told.isTold,
          pitchClasses: told.scale?.pitchClasses,
        },
        isConstrained: music.grammar,
        maximumNoteSeconds: music.maximumNoteSeconds,
        random: createRandom(seed).fork(index),
        beam: isPlain ? undefined : { beamSize, branchFactor, stepsPerIteration },
        signal,
        heard: heard && ((count) => heard(count, tokens.length)),
      });
    },
    dispose: listeners.dispose,
  };
}

/** @throws UsageError for a representation of one instrument */
function accompanimentFor(representation: Representation, accompanied: Accompanied): Accompaniment {
  const { ensemble, name } = representation;
  if (ensemble) return accompanimentOf(representation, ensemble, accompanied);
  throw new UsageError(
    `found a model of \`${name}\`, which plays one instrument, expected one that plays several: accompany with a model of \`multitrack\``,
  );
}

/** What is said of how music is drawn, processor by processor. */
export function processorsOf(music: MusicOptions, scale?: Scale): ProcessorSettings {
  const { temperature, topK, topP, minP, repetitionPenalty, repetitionWindow, longestRest, mostTurns } =
    music;
  return {
    // Whether there is one to be kept to is for the idiom to say.
    grammar: {},
    ...(scale && { "in-scale": { pitchClasses: scale.pitchClasses } }),
    ...(longestRest > 0 && { "longest-rest": { seconds: longestRest } }),
    ...(mostTurns > 0 && { "most-turns": { turns: mostTurns } }),
    ...(repetitionPenalty !== undefined && {
      "repetition-penalty": { penalty: repetitionPenalty, window: repetitionWindow },
    }),
    temperature: { temperature },
    ...(topK !== undefined && { "top-k": { k: topK } }),
    ...(topP !== undefined && { "top-p": { p: topP } }),
    ...(minP !== undefined && { "min-p": { p: minP } }),
  };
}
