/** @file A model that plays while someone looks on: what each event was drawn from, which files do not tell. */

import { logSumExp } from "../src/generation/draw.ts";
import {
  idiomOf,
  openListeners,
  openProcessors,
  type PlayedNote,
  type Processors,
  play,
} from "../src/generation/index.ts";
import { exportStep } from "../src/models/index.ts";
import { createPerformance, type Performance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { createRandom } from "../src/util/random.ts";
import { processorsOf } from "../src/workflows/generate/stage.ts";
import { findModel, type MusicInput, musicSchema } from "../src/workflows/index.ts";

export interface PlayerRequest {
  /** As `rubato generate` has it, with its defaults. */
  readonly decoding: MusicInput;
  readonly seed: number;
  /** Which of the pieces of a seed, as `rubato generate --samples` counts them, from 0 on. */
  readonly index: number;
  readonly seconds: number;
  /** Called after each event. */
  readonly heard?: (seconds: number) => void;
}

export interface Played {
  /** As long as was asked for, silence at the end included. */
  readonly performance: Performance;
  readonly events: number;
  /** Nats per event: of the distribution that it was drawn from, in the mean. */
  readonly entropy: number;
  /** Nats per event: −log p of what was drawn under the model itself, in the mean. */
  readonly surprise: number;
  /** So many events came that time hardly went on, and the piece was given up. */
  readonly isStuck: boolean;
}

export interface Player {
  /** Which model it is, in words. */
  readonly description: string;
  play(request: PlayerRequest): Promise<Played>;
  /** Mean entropy, in nats per event, of what the model expects next, all along some music. */
  entropyAlong(tokens: Int32Array): Promise<number>;
  dispose(): Promise<void>;
}

/** Ten times as many events a second as piano music has. */
const mostEventsPerSecond = 400;

export async function openPlayer(reference: string | undefined, threads: number): Promise<Player> {
  const platform = nodePlatform();
  const { name, model, representation, conditioning, checkpoint } = await findModel(platform, reference);
  const idiom = idiomOf(representation);
  const step = exportStep(model, checkpoint.parameters, { batch: 1 });
  const listeners = await openListeners(platform.runtime, model, step, { inline: true, threads });
  const { steps = 0 } = checkpoint.provenance;
  // The floats that tell nothing, which a model that may be told has to hear.
  const told =
    conditioning.size === 0 ? undefined : conditioning.row(conditioning.controls.map(() => undefined));
  return {
    description: `model ${name} (${model.name}, ${steps} updates, SHA-256 ${checkpoint.fingerprint.slice(0, 12)})`,
    async play({ decoding, seed, index, seconds, heard = () => undefined }) {
      const music = musicSchema.parse(decoding);
      const { processors, entropy } = watched(openProcessors(processorsOf(music), idiom.table));
      const notes: PlayedNote[] = [];
      const passages = play(idiom, listeners, {
        processors,
        greedyRatio: music.greedyRatio,
        told: told && (() => told),
        length: { unit: "seconds", amount: seconds },
        additional: false,
        primer: new Int32Array(0),
        primerInOutput: true,
        isConstrained: music.grammar,
        maximumNoteSeconds: music.maximumNoteSeconds,
        random: createRandom(seed).fork(index),
      });
      for (let events = 0; ; events++) {
        const next = await passages.next();
        const isStuck = events > mostEventsPerSecond * seconds;
        if (next.done === true || isStuck) {
          const performance = createPerformance({ notes, duration: seconds });
          const surprise =
            next.done === true ? -next.value.modelLogLikelihood / next.value.drawn : Number.NaN;
          return { performance, events: entropy.count, entropy: entropy.mean(), surprise, isStuck };
        }
        notes.push(...next.value.notes);
        const last = next.value.events.at(-1);
        if (last !== undefined) heard(last.time);
      }
    },
    async entropyAlong(tokens) {
      const listener = listeners.create();
      let sum = 0;
      for (const token of tokens) sum += entropyOf(await listener.hear(token, told));
      return sum / tokens.length;
    },
    dispose: listeners.dispose,
  };
}

/** The same processors, and the entropy of what they leave. */
function watched({ shape, truncate }: Processors) {
  let [count, sum] = [0, 0];
  const processors: Processors = {
    shape,
    truncate(logits, past) {
      truncate(logits, past);
      sum += entropyOf(logits);
      count++;
    },
  };
  const entropy = {
    get count() {
      return count;
    },
    mean: () => sum / count,
  };
  return { processors, entropy };
}

/** Nats. */
function entropyOf(logits: Float32Array): number {
  const total = logSumExp(logits);
  let entropy = 0;
  for (const logit of logits) {
    if (logit > Number.NEGATIVE_INFINITY) entropy -= Math.exp(logit - total) * (logit - total);
  }
  return entropy;
}
