/** @file Where music surprises: the least expected events, and how much each second holds. */
import type { Foretold } from "../../evaluation/index.ts";
import { idiomOf, stepsPerSecond } from "../../generation/index.ts";
import { flatRepresentation, type Representation } from "../../representations/index.ts";

/** An event that the model did not expect. */
export interface Moment {
  /** From the beginning of the music. */
  readonly seconds: number;
  /** "note-on:60": its readable name. */
  readonly event: string;
  /** −log p. */
  readonly nats: number;
}

/** What one second of music holds. */
export interface Second {
  /** Events that were predicted. */
  readonly events: number;
  /** The sum of their −log p. */
  readonly nats: number;
}

export interface Surprise {
  add(foretold: Foretold): void;
  /** Least expected first; of equals the earlier. */
  moments(): readonly Moment[];
  /** Each second of the music, from its beginning. */
  perSecond(): readonly Second[];
}

/**
 * @param tokens single ones, also where a step of the representation has several fields
 * @param count how many moments are kept
 * @throws UsageError for a representation whose tokens do not say how far they move time on
 */
export function createSurprise(representation: Representation, tokens: Int32Array, count: number): Surprise {
  const { steps } = idiomOf(representation).table;
  const { describe } = flatRepresentation(representation);
  // A token stands where time has come to before it: a shift where it begins, a note where it is struck.
  const times = new Float64Array(tokens.length);
  for (let i = 1; i < times.length; i++) times[i] = times[i - 1] + steps[tokens[i - 1]] / stepsPerSecond;
  const nats = new Float64Array(tokens.length);
  return {
    add({ passage, nats: found }) {
      nats.set(found, passage.start + passage.from + 1);
    },
    moments() {
      // The first event is not predicted, and surprises nobody.
      const order = Array.from({ length: tokens.length - 1 }, (_, i) => i + 1);
      order.sort((a, b) => nats[b] - nats[a] || a - b);
      return order.slice(0, count).map((i) => ({
        seconds: times[i],
        event: describe(tokens[i]),
        nats: nats[i],
      }));
    },
    perSecond() {
      const length = Math.floor(times[times.length - 1]) + 1;
      const seconds = Array.from({ length }, () => ({ events: 0, nats: 0 }));
      for (let i = 1; i < nats.length; i++) {
        const second = seconds[Math.floor(times[i])];
        second.events++;
        second.nats += nats[i];
      }
      return seconds;
    },
  };
}
