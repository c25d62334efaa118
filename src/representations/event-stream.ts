/**
 * @file The stream of Performance RNN: note-on, note-off, time-shift, velocity, and pedal where it is kept.
 *
 * Source: REPRESENTATIONS 1.4 and 1.5, after magenta/note-seq's `performance_lib`. Times are steps of 10 ms.
 */
import {
  type Column,
  type Notes,
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

/**
 * Tokens of a performance whose note ends are final. Pedals are encoded where the layout keeps them.
 *
 * Step by step: pedals, then releases, then onsets. Every release belongs to a note of an earlier step, so this is
 * the order by (step, note, onset before release) that the specification asks for, without sorting.
 */
export function encodeEvents(performance: Performance, layout: EventLayout): Int32Array {
  const { count, pitch, velocity } = performance.notes;
  const crossings = layout.pedal === undefined ? [] : sustainCrossings(performance.pedals);
  const { startStep, firstEnding, nextEnding } = quantise(performance.notes, crossings.at(-1)?.step ?? 0);
  const lastStep = firstEnding.length - 1;
  // Per note: on, off, velocity and two shifts; per pedal: itself and a shift; and one shift a second.
  const tokens = new Int32Array(count * 5 + crossings.length * 2 + Math.ceil(lastStep / maximumShift) + 1);
  const bins = layout.velocityBins;
  const binWidth = Math.ceil(127 / bins);
  let length = 0;
  let now = 0;
  let bin = 0;
  let note = 0;
  let crossing = 0;

  for (let step = 0; step <= lastStep; step++) {
    const nextOnset = note < count ? startStep[note] : lastStep;
    const nextCrossing = crossing < crossings.length ? crossings[crossing].step : lastStep;
    const next = Math.min(nextOnset, nextCrossing);
    while (step < next && firstEnding[step] < 0) step++;

    for (; step > now + maximumShift; now += maximumShift) tokens[length++] = layout.shift + maximumShift - 1;
    if (step > now) tokens[length++] = layout.shift + (step - now) - 1;
    now = step;
    for (; crossing < crossings.length && crossings[crossing].step === step; crossing++) {
      tokens[length++] = (layout.pedal ?? 0) + (crossings[crossing].isDown ? 0 : 1);
    }
    for (let ending = firstEnding[step]; ending >= 0; ending = nextEnding[ending])
      tokens[length++] = layout.noteOff + pitch[ending];
    for (; note < count && startStep[note] === step; note++) {
      if (bins > 0) {
        const noteBin = Math.floor((velocity[note] - 1) / binWidth) + 1;
        if (noteBin !== bin) tokens[length++] = layout.velocity + noteBin - 1;
        bin = noteBin;
      }
      tokens[length++] = layout.noteOn + pitch[note];
    }
  }
  return tokens.slice(0, length);
}

/** Start steps of notes and, for every step up to `lastStep` at least, the list of notes that end there, by index. */
function quantise({ count, start, end }: Notes, lastStep: number) {
  const startStep = new Int32Array(count);
  const endStep = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    startStep[i] = toStep(start[i]);
    // What would begin and end on one step lasts until the next.
    endStep[i] = Math.max(toStep(end[i]), startStep[i] + 1);
    if (endStep[i] > lastStep) lastStep = endStep[i];
  }
  const firstEnding = new Int32Array(lastStep + 1).fill(-1);
  const nextEnding = new Int32Array(count);
  for (let i = count - 1; i >= 0; i--) {
    nextEnding[i] = firstEnding[endStep[i]];
    firstEnding[endStep[i]] = i;
  }
  return { startStep, firstEnding, nextEnding };
}

/** Crossings of 64 by the sustain pedal, in steps. With several lanes the pedal is down while any of them is. */
function sustainCrossings(pedals: Pedals): { readonly step: number; readonly isDown: boolean }[] {
  const { count, time, controller, value, channel } = pedals;
  const crossings: { step: number; isDown: boolean }[] = [];
  const down = new Set<number>();
  let lastChannel = -1;
  let lastDown = false;
  for (let i = 0; i < count; i++) {
    if (controller[i] !== sustainController) continue;
    const goesDown = value[i] >= pedalThreshold;
    // Most movements stay on one side of 64.
    if (goesDown === lastDown && channel[i] === lastChannel) continue;
    lastChannel = channel[i];
    lastDown = goesDown;
    const wasDown = down.size > 0;
    if (goesDown) down.add(channel[i]);
    else down.delete(channel[i]);
    const isDown = down.size > 0;
    if (isDown !== wasDown) crossings.push({ step: toStep(time[i]), isDown });
  }
  return crossings;
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

  const startStep = new Float64Array(onsets);
  const endStep = new Float64Array(onsets).fill(-1);
  const pitch = new Uint8Array(onsets);
  const velocity = new Uint8Array(onsets);
  const younger = new Int32Array(onsets);
  const oldest = new Int32Array(128).fill(-1);
  const youngest = new Int32Array(128).fill(-1);
  const moves: { time: number; value: number }[] = [];
  const longest = toStep(maximumNoteSeconds);
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

/** What each event does to time, keys and loudness. */
export function eventTimeline(tokens: Column, layout: EventLayout): Timeline {
  const steps = new Uint8Array(tokens.length);
  const onset = new Int16Array(tokens.length).fill(-1);
  const release = new Int16Array(tokens.length).fill(-1);
  const velocity = new Uint8Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token < 0) continue;
    if (token < layout.noteOff) onset[i] = token;
    else if (token < layout.shift) release[i] = token - layout.noteOff;
    else if (token < layout.velocity) steps[i] = token - layout.shift + 1;
    else if (token < layout.velocity + layout.velocityBins) {
      velocity[i] = binToVelocity(token - layout.velocity + 1, layout.velocityBins, "centre");
    }
  }
  return { steps, onset, release, velocity };
}
