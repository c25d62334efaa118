/**
 * @file Folding the sustain pedal into note ends: what sounds on under the pedal gets the end one hears.
 *
 * Source: the order of events and the rules of note-seq's `apply_sustain_control_changes`, on which the data of
 * Performance RNN rests (REPRESENTATIONS 1.3): at one time pedal down, pedal up, onset, release.
 */
import {
  type Column,
  type Notes,
  noPedals,
  type Performance,
  pedalThreshold,
  performanceOf,
  sustainController,
} from "./performance.ts";

/**
 * The same notes with the ends that one hears, and no pedals.
 *
 * While the pedal is down a release does nothing, and an onset ends every sounding note of its pitch (a note that
 * this leaves without length is dropped). Pedal up ends all notes whose keys are up already. Notes that nothing
 * ended sound until the last event. Pedals act on their own lane; drums ignore them.
 */
export function foldSustain(performance: Performance): Performance {
  const { notes, instruments, duration } = performance;
  const lanes = sustainLanes(performance);
  if (lanes.size === 0) return performanceOf(notes, noPedals, instruments, duration);

  const laneOf = instruments.map(({ channel, isDrum }) => (isDrum ? undefined : lanes.get(channel)));
  const lastEvent = lastEventTime(performance);
  const { count, start, pitch, instrument } = notes;
  const end = new Float64Array(count);
  let dropped = 0;
  // A note ends where its key or the pedal lets it go, or earlier at the next onset of its pitch under the pedal.
  // Backwards, so that this onset is known when the note is met.
  for (let i = count - 1; i >= 0; i--) {
    const lane = laneOf[instrument[i]];
    end[i] = notes.end[i];
    if (lane === undefined) continue;
    const { down, up, nextStrike } = lane;
    while (lane.span >= 0 && down[lane.span] > start[i]) lane.span--;

    const span = lastBegun(down, lane.span, end[i]);
    // A pedal that is never lifted holds until the last event; every other one is lifted by then.
    if (span >= 0 && end[i] < up[span]) end[i] = Math.min(up[span], lastEvent);
    const strike = nextStrike[pitch[i]];
    if (strike < end[i]) end[i] = strike;
    if (strike === start[i]) {
      end[i] = isDropped;
      dropped++;
    }
    if (lane.span >= 0 && start[i] < up[lane.span]) nextStrike[pitch[i]] = start[i];
  }
  const folded = dropped === 0 ? { ...notes, end } : withoutDropped(notes, end, count - dropped);
  return performanceOf(folded, noPedals, instruments, duration);
}

/** In place of an end. */
const isDropped = -1;

/** The sustain pedal of a channel. */
class Lane {
  /** When the pedal goes down and when it is lifted again, span by span; the last one may be infinite. */
  readonly down: number[] = [];
  readonly up: number[] = [];
  /** Per pitch, the nearest later onset with the pedal down. */
  readonly nextStrike = new Float64Array(128).fill(Number.POSITIVE_INFINITY);
  /** The last span that begins no later than the note in hand; -1 before the first. */
  span = -1;
  #isHeld = false;
  #lastLift = -1;

  lift(time: number): void {
    if (this.#isHeld) this.up[this.span] = time;
    this.#isHeld = false;
    this.#lastLift = time;
  }

  press(time: number): void {
    // At one time down comes before up, whatever the file says: so an up at this time prevails.
    if (this.#isHeld || this.#lastLift === time) return;
    this.#isHeld = true;
    this.span = this.down.push(time) - 1;
    this.up.push(Number.POSITIVE_INFINITY);
  }
}

function sustainLanes({ pedals }: Performance): ReadonlyMap<number, Lane> {
  const { count, time, controller, value, channel } = pedals;
  const lanes = new Map<number, Lane>();
  let lane = new Lane();
  let laneChannel = -1;
  for (let i = 0; i < count; i++) {
    if (controller[i] !== sustainController) continue;
    if (channel[i] !== laneChannel) {
      laneChannel = channel[i];
      lane = lanes.get(laneChannel) ?? new Lane();
      lanes.set(laneChannel, lane);
    }
    if (value[i] < pedalThreshold) lane.lift(time[i]);
    else lane.press(time[i]);
  }
  return lanes;
}

/** The last span from `from` on that begins by `time`: mostly one of the next few, so by doubling steps first. */
function lastBegun(down: readonly number[], from: number, time: number): number {
  let step = 1;
  while (from + step < down.length && down[from + step] <= time) {
    from += step;
    step *= 2;
  }
  while (step > 1) {
    step /= 2;
    if (from + step < down.length && down[from + step] <= time) from += step;
  }
  return from;
}

function lastEventTime({ notes, pedals, instruments }: Performance): number {
  let last = 0;
  for (let i = 0; i < notes.count; i++) {
    if (notes.end[i] > last && !instruments[notes.instrument[i]].isDrum) last = notes.end[i];
  }
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] === sustainController) last = Math.max(last, pedals.time[i]);
  }
  return last;
}

function withoutDropped(notes: Notes, end: Column, kept: number): Notes {
  const result = {
    count: kept,
    start: new Float64Array(kept),
    end: new Float64Array(kept),
    pitch: new Uint8Array(kept),
    velocity: new Uint8Array(kept),
    instrument: new Uint16Array(kept),
  };
  let to = 0;
  for (let i = 0; i < notes.count; i++) {
    if (end[i] === isDropped) continue;
    result.start[to] = notes.start[i];
    result.end[to] = end[i];
    result.pitch[to] = notes.pitch[i];
    result.velocity[to] = notes.velocity[i];
    result.instrument[to] = notes.instrument[i];
    to++;
  }
  return result;
}
