/** @file Figures: a likelihood as people compare it, and what it is in units that do not hang on a representation. */
import type { Likelihood } from "./likelihood.ts";

/** How much music there is: all events, predicted or not. */
export interface Extent {
  readonly events: number;
  readonly notes: number;
  readonly seconds: number;
}

export interface Figures {
  /** How many were predicted. */
  readonly events: number;
  readonly natsPerEvent: number;
  readonly bitsPerEvent: number;
  /** Nats per event times events per note of the same music: what can be compared between representations. */
  readonly natsPerNote: number;
  readonly natsPerSecond: number;
  /** e to the nats per event: among how many events, all alike, the choice would be as hard. */
  readonly perplexity: number;
}

/** @param extent of the music that the likelihood is of; its few events that are not predicted count as the others do. */
export function figuresOf({ events, nats }: Pick<Likelihood, "events" | "nats">, extent: Extent): Figures {
  const natsPerEvent = nats / events;
  return {
    events,
    natsPerEvent,
    bitsPerEvent: natsPerEvent / Math.LN2,
    natsPerNote: (natsPerEvent * extent.events) / extent.notes,
    natsPerSecond: (natsPerEvent * extent.events) / extent.seconds,
    perplexity: Math.exp(natsPerEvent),
  };
}
