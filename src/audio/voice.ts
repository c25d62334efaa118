/** @file From a performance to what sounds: every note with its strength and the way it is damped. */
import type { Performance } from "../music/performance.ts";
import { type Damping, dampingOf, isDownAt, pedalLanes } from "./damper.ts";

export interface Voice {
  /** Seconds from the beginning. */
  readonly start: number;
  readonly pitch: number;
  /** 1 to 127, the soft pedal included. */
  readonly velocity: number;
  readonly damping: readonly Damping[];
  /** Seconds from the beginning at which it is inaudible; infinite where the string decays by itself. */
  readonly end: number;
}

/** What the soft pedal leaves of a velocity: about 2 dB less, and a duller tone. */
const softShare = 0.88;

/** The notes in their order; drums are left out. Pedals and repeated strokes act within a channel. */
export function voicesOf(performance: Performance): readonly Voice[] {
  const { notes, instruments } = performance;
  const laneOf = pedalLanes(performance);
  const nextStroke = new Map<number, number>();
  const voices: Voice[] = [];
  // Backwards, so that the next stroke of a string is known when a note is met.
  for (let i = notes.count - 1; i >= 0; i--) {
    const { isDrum, channel } = instruments[notes.instrument[i]];
    if (isDrum) continue;
    const [start, end, pitch] = [notes.start[i], notes.end[i], notes.pitch[i]];
    const lane = laneOf(channel);
    const string = channel * 128 + pitch;
    const restrike = nextStroke.get(string) ?? Number.POSITIVE_INFINITY;
    nextStroke.set(string, start);
    const damping = dampingOf(lane, { pitch, start, end, restrike });
    const softened = isDownAt(lane.soft, start) ? softShare : 1;
    voices.push({
      start,
      pitch,
      velocity: Math.max(1, notes.velocity[i] * softened),
      damping: damping.steps,
      end: damping.end,
    });
  }
  return voices.reverse();
}
