/**
 * @file The stream of Performance RNN: note-on, note-off, time-shift, velocity, and pedal where it is kept.
 *
 * Source: REPRESENTATIONS 1.4 and 1.5, after magenta/note-seq's `performance_lib`. Times are steps of 10 ms.
 */
import {
  type Column,
  createPerformance,
  noPedals,
  notesFromColumns,
  type Pedals,
  type Performance,
  pedalsFromColumns,
  pedalThreshold,
  performanceOf,
  piano,
  sustainController,
} from "../music/performance.ts";
import type { DecodeOptions, Timeline } from "./representation.ts";

export const stepsPerSecond = 100;
export const maximumShift = 100;

/** First id of each kind of event; a kind ends where the next begins. */
export interface EventLayout {
  readonly noteOn: 0;
  readonly noteOff: 128;
  readonly shift: 256;
  readonly velocity: 356;
  readonly velocityBins: number;
  /** Id of "pedal down"; "pedal up" follows. Undefined where pedals are not kept. */
  readonly pedal: number | undefined;
  readonly size: number;
}

export function eventLayout(velocityBins: number, keepsPedal: boolean): EventLayout {
  const end = 356 + velocityBins;
  return {
    noteOn: 0,
    noteOff: 128,
    shift: 256,
    velocity: 356,
    velocityBins,
    pedal: keepsPedal ? end : undefined,
    size: keepsPedal ? end + 2 : end,
  };
}

export const toStep = (seconds: number): number => Math.floor(seconds * stepsPerSecond + 0.5);

/** Bin 1 to `bins` of a velocity 1 to 127. */
export function velocityToBin(velocity: number, bins: number): number {
  return Math.floor((velocity - 1) / Math.ceil(127 / bins)) + 1;
}

/** The lowest velocity of a bin, or the middle of its velocities. */
export function binToVelocity(bin: number, bins: number, mode: "floor" | "centre"): number {
  const width = Math.ceil(127 / bins);
  const lowest = 1 + (bin - 1) * width;
  const highest = Math.min(127, lowest + width - 1);
  return mode === "floor" ? lowest : Math.floor((lowest + highest + 1) / 2);
}

/** Tokens of a performance whose note ends are final. Pedals are encoded where the layout keeps them. */
export function encodeEvents(performance: Performance, layout: EventLayout): Int32Array {
  const { notes } = performance;
  const { count, start, end, pitch, velocity } = notes;
  const bins = layout.velocityBins;
  const crossings = layout.pedal === undefined ? [] : sustainCrossings(performance.pedals);
  const lastStep = toStep(Math.max(performance.duration, count === 0 ? 0 : start[count - 1])) + 1;
  // Per note: on, off, velocity and two shifts; per pedal: itself and a shift; and one shift a second.
  const tokens = new Int32Array(count * 5 + crossings.length * 2 + Math.ceil(lastStep / maximumShift) + 1);
  const ends = new EndQueue(count);
  const lowestPerBin = Math.ceil(127 / bins);
  let length = 0;
  let now = 0;
  let bin = 0;
  let pedal = 0;

  const shiftTo = (step: number) => {
    while (step > now + maximumShift) {
      tokens[length++] = layout.shift + maximumShift - 1;
      now += maximumShift;
    }
    if (step > now) tokens[length++] = layout.shift + (step - now) - 1;
    now = step;
  };
  // Pedals come before notes of the same step; releases of notes that began earlier come before onsets.
  const catchUp = (step: number) => {
    for (;;) {
      const endStep = ends.nextStep();
      const pedalStep = pedal < crossings.length ? crossings[pedal].step : Number.POSITIVE_INFINITY;
      if (Math.min(endStep, pedalStep) > step) return;
      if (pedalStep <= endStep) {
        shiftTo(pedalStep);
        tokens[length++] = (layout.pedal ?? 0) + (crossings[pedal++].isDown ? 0 : 1);
      } else {
        shiftTo(endStep);
        tokens[length++] = layout.noteOff + pitch[ends.take()];
      }
    }
  };

  for (let i = 0; i < count; i++) {
    const startStep = toStep(start[i]);
    catchUp(startStep);
    shiftTo(startStep);
    if (bins > 0) {
      const noteBin = Math.floor((velocity[i] - 1) / lowestPerBin) + 1;
      if (noteBin !== bin) {
        bin = noteBin;
        tokens[length++] = layout.velocity + bin - 1;
      }
    }
    tokens[length++] = layout.noteOn + pitch[i];
    const endStep = toStep(end[i]);
    ends.add(endStep > startStep ? endStep : startStep + 1, i);
  }
  // Past the last onset only finite steps are left.
  catchUp(Number.MAX_SAFE_INTEGER);
  return tokens.slice(0, length);
}

/** Crossings of 64 by the sustain pedal, in steps. With several lanes the pedal is down while any of them is. */
function sustainCrossings(pedals: Pedals): { readonly step: number; readonly isDown: boolean }[] {
  const crossings: { step: number; isDown: boolean }[] = [];
  const down = new Set<number>();
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] !== sustainController) continue;
    const before = down.size > 0;
    if (pedals.value[i] >= pedalThreshold) down.add(pedals.channel[i]);
    else down.delete(pedals.channel[i]);
    const isDown = down.size > 0;
    if (isDown !== before) crossings.push({ step: toStep(pedals.time[i]), isDown });
  }
  return crossings;
}

/** Notes by (end step, index), earliest first: a binary heap over single numbers. */
class EndQueue {
  readonly #heap: Float64Array;
  readonly #scale: number;
  #size = 0;

  constructor(notes: number) {
    this.#heap = new Float64Array(notes);
    // 24 hours are 8.64 million steps: with as many notes the product stays below 2^53.
    this.#scale = Math.max(1, notes);
  }

  nextStep(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : Math.floor(this.#heap[0] / this.#scale);
  }

  add(step: number, note: number): void {
    const heap = this.#heap;
    const key = step * this.#scale + note;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent] <= key) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  take(): number {
    const heap = this.#heap;
    const first = heap[0];
    const key = heap[--this.#size];
    const size = this.#size;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= key) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
    return first % this.#scale;
  }
}

/** The music of a stream. Velocity is 100 until the first velocity event; a release ends the oldest note of its pitch. */
export function decodeEvents(
  tokens: Column,
  layout: EventLayout,
  velocityMode: "floor" | "centre",
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): Performance {
  let onsets = 0;
  for (let i = 0; i < tokens.length; i++) if (tokens[i] >= 0 && tokens[i] < layout.noteOff) onsets++;
  if (tokens.length === 0) return createPerformance({ notes: [] });

  const startStep = new Float64Array(onsets);
  const endStep = new Float64Array(onsets).fill(-1);
  const pitch = new Uint8Array(onsets);
  const velocity = new Uint8Array(onsets);
  const younger = new Int32Array(onsets);
  const oldest = new Int32Array(128).fill(-1);
  const youngest = new Int32Array(128).fill(-1);
  const moves: { time: number; value: number }[] = [];
  const longest = Math.floor(maximumNoteSeconds * stepsPerSecond);
  let count = 0;
  let step = 0;
  let current = 100;
  let isDown = false;

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!(token >= 0 && token < layout.size)) continue;
    if (token < layout.noteOff) {
      const note = count++;
      startStep[note] = step;
      pitch[note] = token;
      velocity[note] = current;
      younger[note] = -1;
      if (oldest[token] < 0) oldest[token] = note;
      else younger[youngest[token]] = note;
      youngest[token] = note;
    } else if (token < layout.shift) {
      const note = oldest[token - layout.noteOff];
      if (note < 0) continue;
      oldest[token - layout.noteOff] = younger[note];
      endStep[note] = step;
    } else if (token < layout.velocity) {
      step += token - layout.shift + 1;
    } else if (token < layout.velocity + layout.velocityBins) {
      current = binToVelocity(token - layout.velocity + 1, layout.velocityBins, velocityMode);
    } else {
      const goesDown = token === layout.pedal;
      if (goesDown !== isDown) moves.push({ time: step / stepsPerSecond, value: goesDown ? 127 : 0 });
      isDown = goesDown;
    }
  }

  let kept = 0;
  for (let note = 0; note < count; note++) {
    // What was never released ends with the stream; what has no length is no note.
    const end = Math.min(endStep[note] < 0 ? step : endStep[note], startStep[note] + longest);
    if (end <= startStep[note]) continue;
    startStep[kept] = startStep[note] / stepsPerSecond;
    endStep[kept] = end / stepsPerSecond;
    pitch[kept] = pitch[note];
    velocity[kept] = velocity[note];
    kept++;
  }
  const notes = notesFromColumns({
    start: startStep.subarray(0, kept),
    end: endStep.subarray(0, kept),
    pitch: pitch.subarray(0, kept),
    velocity: velocity.subarray(0, kept),
    instrument: new Uint16Array(kept),
  });
  return performanceOf(notes, pedalsOfMoves(moves), [piano], step / stepsPerSecond);
}

function pedalsOfMoves(moves: readonly { readonly time: number; readonly value: number }[]): Pedals {
  if (moves.length === 0) return noPedals;
  return pedalsFromColumns({
    time: Float64Array.from(moves, (move) => move.time),
    controller: new Uint8Array(moves.length).fill(sustainController),
    value: Uint8Array.from(moves, (move) => move.value),
    channel: new Uint16Array(moves.length),
  });
}

/** "note-on:60", "time-shift:100" (steps of 10 ms), "velocity:16" (bin), "pedal-down". */
export function describeEvent(token: number, layout: EventLayout): string {
  if (token < 0 || token >= layout.size) return `unknown:${token}`;
  if (token < layout.noteOff) return `note-on:${token}`;
  if (token < layout.shift) return `note-off:${token - layout.noteOff}`;
  if (token < layout.velocity) return `time-shift:${token - layout.shift + 1}`;
  if (token < layout.velocity + layout.velocityBins) return `velocity:${token - layout.velocity + 1}`;
  return token === layout.pedal ? "pedal-down" : "pedal-up";
}

/** What each event does to time and keys. */
export function eventTimeline(tokens: Column, layout: EventLayout): Timeline {
  const steps = new Uint8Array(tokens.length);
  const onset = new Int16Array(tokens.length).fill(-1);
  const release = new Int16Array(tokens.length).fill(-1);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token < layout.noteOff) onset[i] = token;
    else if (token < layout.shift) release[i] = token - layout.noteOff;
    else if (token < layout.velocity) steps[i] = token - layout.shift + 1;
  }
  return { steps, onset, release };
}
