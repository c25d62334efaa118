/**
 * @file The grammar of event streams. Within a step come pedals, then releases, then onsets, each onset after its
 * velocity where that changed: the order in which `encodeEvents` writes, so that what it writes is allowed, and a
 * stream sampled under the mask has no orphan release, no note without length and no velocity without a note.
 */
import { type EventLayout, maximumShift } from "./event-stream.ts";
import type { GrammarStart, GrammarState } from "./representation.ts";

/** How far the current step has come. */
const phase = { pedals: 0, releases: 1, onsets: 2 } as const;
type Phase = (typeof phase)[keyof typeof phase];

export class EventGrammarState implements GrammarState {
  readonly field = 0;
  readonly #layout: EventLayout;
  readonly #mask: Uint8Array;
  /** Sounding notes per pitch that began inside the stream. */
  readonly #sounding: Uint32Array;
  /** In the middle of a piece any pitch may sound from before: its releases cannot be ruled out. */
  readonly #fromMiddle: boolean;
  #bin: number | undefined;
  #pedal: "up" | "down" | "unknown";
  #phase: Phase = phase.pedals;
  #awaitsOnset = false;
  #shiftEnded = false;

  constructor(layout: EventLayout, start: GrammarStart, from?: EventGrammarState) {
    this.#layout = layout;
    this.#mask = new Uint8Array(layout.size);
    this.#sounding = from ? from.#sounding.slice() : new Uint32Array(128);
    this.#fromMiddle = start === "middle";
    this.#bin = from ? from.#bin : start === "middle" ? undefined : 0;
    this.#pedal = from ? from.#pedal : start === "middle" ? "unknown" : "up";
    if (from) {
      this.#phase = from.#phase;
      this.#awaitsOnset = from.#awaitsOnset;
      this.#shiftEnded = from.#shiftEnded;
    }
  }

  allowed(): Uint8Array {
    const { velocityBins, noteOn, noteOff, shift, velocity, pedal } = this.#layout;
    const mask = this.#mask.fill(0);
    const knowsVelocity = velocityBins === 0 || this.#bin !== 0;
    if (knowsVelocity) mask.fill(1, noteOn, noteOff);
    if (this.#awaitsOnset) return mask;
    if (this.#phase <= phase.releases) {
      for (let pitch = 0; pitch < 128; pitch++) {
        if (this.#fromMiddle || this.#sounding[pitch] > 0) mask[noteOff + pitch] = 1;
      }
    }
    if (!this.#shiftEnded) mask.fill(1, shift, velocity);
    mask.fill(1, velocity, velocity + velocityBins);
    if (this.#bin !== undefined && this.#bin > 0) mask[velocity + this.#bin - 1] = 0;
    if (pedal !== undefined && this.#phase === phase.pedals) {
      if (this.#pedal !== "down") mask[pedal] = 1;
      if (this.#pedal !== "up") mask[pedal + 1] = 1;
    }
    return mask;
  }

  advance(token: number): void {
    const { noteOff, shift, velocity, velocityBins, pedal } = this.#layout;
    this.#awaitsOnset = false;
    this.#shiftEnded = false;
    if (token < noteOff) {
      this.#sounding[token]++;
      this.#phase = phase.onsets;
    } else if (token < shift) {
      const pitch = token - noteOff;
      if (this.#sounding[pitch] > 0) this.#sounding[pitch]--;
      if (this.#phase === phase.pedals) this.#phase = phase.releases;
    } else if (token < velocity) {
      // A gap is written as whole seconds first; whatever is shorter ends it.
      this.#shiftEnded = token - shift + 1 < maximumShift;
      this.#phase = phase.pedals;
    } else if (token < velocity + velocityBins) {
      this.#bin = token - velocity + 1;
      this.#awaitsOnset = true;
    } else if (pedal !== undefined) {
      this.#pedal = token === pedal ? "down" : "up";
    }
  }

  copy(): EventGrammarState {
    return new EventGrammarState(this.#layout, this.#fromMiddle ? "middle" : "piece", this);
  }
}
