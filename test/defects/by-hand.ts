/** @file A model by hand: what it predicts is a function of what it has heard, and what it was fed is known. */
import {
  eventTable,
  idiomOf,
  type Listener,
  type Listeners,
  openProcessors,
  type PlayOptions,
  play,
} from "../../src/generation/index.ts";
import { openRepresentation } from "../../src/representations/index.ts";
import { createRandom } from "../../src/util/random.ts";
import { type Heard, hearAll } from "../fixtures/playing.ts";

export const performance = openRepresentation("performance");
export const table = eventTable(performance);

/** Logits for what comes after these tokens. */
export type Prediction = (heard: readonly number[]) => Float32Array;

/** Livelier than a model that has learnt nothing, and the same for the same last token. */
export const lively: Prediction = (heard) => {
  const random = createRandom(`after ${heard.at(-1)}`);
  return Float32Array.from({ length: table.size }, () => Math.floor(random.next() * 4096) / 1024);
};

/** @param fed takes every token that any of them hears, in order */
export function listenersOf(predict: Prediction, fed: number[] = []): Listeners {
  const after = (heard: readonly number[]): Listener => {
    let all = heard;
    return {
      async hear(token) {
        fed.push(token);
        all = [...all.slice(-8), token];
        return predict(all);
      },
      copy: () => after(all),
    };
  };
  return { create: () => after([]), dispose: async () => undefined };
}

export function playByHand(listeners: Listeners, options: Partial<PlayOptions> = {}): Promise<Heard> {
  return hearAll(
    play(idiomOf(performance), listeners, {
      processors: openProcessors({ grammar: {}, temperature: { temperature: 1 } }, table),
      greedyRatio: 0,
      length: { unit: "events", amount: 60 },
      additional: false,
      primer: new Int32Array(0),
      primerInOutput: true,
      isConstrained: true,
      maximumNoteSeconds: 5,
      random: createRandom("by hand"),
      ...options,
    }),
  );
}
