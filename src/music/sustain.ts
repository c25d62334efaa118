/**
 * @file Folding the sustain pedal into note ends: what sounds on under the pedal gets the end one hears.
 *
 * Source: the order of events and the rules of note-seq's `apply_sustain_control_changes`, on which the data of
 * Performance RNN rests (REPRESENTATIONS 1.3): at one time pedal down, pedal up, onset, release.
 */
import {
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
  const { notes, instruments } = performance;
  const lanes = sustainLanes(performance);
  if (lanes.size === 0) return performanceOf(notes, noPedals, instruments, performance.duration);

  const { count, start, pitch, instrument } = notes;
  const end = new Float64Array(count);
  for (let i = 0; i < count; i++) end[i] = notes.end[i];
  const lastEvent = lastEventTime(performance);
  let dropped = 0;

  for (const [channel, members] of lanes) {
    const moves = sustainMoves(performance, channel);
    const active = new ActiveNotes(count);
    let down = false;
    let move = 0;
    const movePedalUntil = (time: number) => {
      for (; move < moves.length && moves[move].time <= time; move++) {
        const { time: now, isDown } = moves[move];
        if (isDown === down) continue;
        down = isDown;
        // Releases before now happened with the pedal up, or waited for it: either way those notes leave.
        active.retain((note) => {
          if (end[note] >= now) return true;
          if (!isDown) end[note] = now;
          return false;
        });
      }
    };
    for (let i = 0; i < count; i++) {
      if (members[instrument[i]] === 0) continue;
      movePedalUntil(start[i]);
      if (down) {
        active.takePitch(pitch[i], (note) => {
          end[note] = start[i];
          if (start[note] === start[i]) {
            end[note] = -1;
            dropped++;
          }
        });
      }
      active.add(pitch[i], i);
    }
    movePedalUntil(Number.POSITIVE_INFINITY);
    if (down) {
      active.retain((note) => {
        end[note] = lastEvent;
        return false;
      });
    }
  }
  const folded = dropped === 0 ? { ...notes, end } : withoutDropped(performance, end, count - dropped);
  return performanceOf(folded, noPedals, instruments, performance.duration);
}

/** For each lane with a sustain pedal: which instruments it reaches (1) and which not (0). */
function sustainLanes({ pedals, instruments }: Performance): ReadonlyMap<number, Uint8Array> {
  const lanes = new Map<number, Uint8Array>();
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] !== sustainController || lanes.has(pedals.channel[i])) continue;
    const channel = pedals.channel[i];
    lanes.set(
      channel,
      Uint8Array.from(instruments, (each) => (each.channel === channel && !each.isDrum ? 1 : 0)),
    );
  }
  return lanes;
}

/** Sustain events of a lane in the order in which they act: at one time, down comes before up. */
function sustainMoves({ pedals }: Performance, channel: number): { time: number; isDown: boolean }[] {
  const moves: { time: number; isDown: boolean }[] = [];
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] !== sustainController || pedals.channel[i] !== channel) continue;
    moves.push({ time: pedals.time[i], isDown: pedals.value[i] >= pedalThreshold });
  }
  return moves.sort((a, b) => a.time - b.time || Number(b.isDown) - Number(a.isDown));
}

function lastEventTime({ notes, pedals }: Performance): number {
  let last = 0;
  for (let i = 0; i < notes.count; i++) last = Math.max(last, notes.end[i]);
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] === sustainController) last = Math.max(last, pedals.time[i]);
  }
  return last;
}

function withoutDropped({ notes }: Performance, end: Float64Array, kept: number): Performance["notes"] {
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
    if (end[i] < 0) continue;
    result.start[to] = notes.start[i];
    result.end[to] = end[i];
    result.pitch[to] = notes.pitch[i];
    result.velocity[to] = notes.velocity[i];
    result.instrument[to] = notes.instrument[i];
    to++;
  }
  return result;
}

/** Notes that may still sound, in a linked list per pitch. */
class ActiveNotes {
  readonly #first = new Int32Array(128).fill(-1);
  readonly #next: Int32Array;

  constructor(notes: number) {
    this.#next = new Int32Array(notes);
  }

  add(pitch: number, note: number): void {
    this.#next[note] = this.#first[pitch];
    this.#first[pitch] = note;
  }

  /** Takes out all notes of a pitch. */
  takePitch(pitch: number, visit: (note: number) => void): void {
    for (let note = this.#first[pitch]; note >= 0; note = this.#next[note]) visit(note);
    this.#first[pitch] = -1;
  }

  retain(keep: (note: number) => boolean): void {
    for (let pitch = 0; pitch < 128; pitch++) {
      let note = this.#first[pitch];
      if (note < 0) continue;
      let last = -1;
      this.#first[pitch] = -1;
      for (; note >= 0; ) {
        const next = this.#next[note];
        if (keep(note)) {
          if (last < 0) this.#first[pitch] = note;
          else this.#next[last] = note;
          this.#next[note] = -1;
          last = note;
        }
        note = next;
      }
    }
  }
}
