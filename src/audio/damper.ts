/**
 * @file Dampers: how fast a string is silenced, which pedals keep them off it, and what half a pedal does.
 */
import {
  type Performance,
  pedalThreshold,
  softController,
  sostenutoController,
  sustainController,
} from "../music/performance.ts";
import { firstUndampedPitch } from "./salamander.ts";

/** From `time` on the sound decays by `rate` nepers a second, beside what the string loses by itself. */
export interface Damping {
  /** Seconds from the beginning of the piece. */
  readonly time: number;
  readonly rate: number;
}

/** ln 1000: what 60 decibels are in nepers. */
const sixtyDecibels = Math.log(1000);
/** Where a note has been damped by as much, nobody hears it: 90 decibels. */
const inaudible = 1.5 * sixtyDecibels;

/** Nepers a second under a damper: 60 dB in 0.9 s for the lowest string, in 0.2 s for the highest that has one. */
function damperRate(pitch: number): number {
  return pitch >= firstUndampedPitch ? 0 : sixtyDecibels / (0.9 * 2 ** ((21 - pitch) / 30));
}

/** A string that is struck again goes on from what the hammer leaves of its motion. */
const restrikeRate = sixtyDecibels / 0.3;

/** Down to this value dampers are clear of the strings, and from that on they lie on them with all their weight. */
const clearValue = 80;
const restingValue = 48;

/** How much of its weight a damper puts on the strings, 0 to 1: half a pedal (64) leaves a quarter. */
function contactOf(value: number): number {
  const share = (clearValue - value) / (clearValue - restingValue);
  return Math.min(1, Math.max(0, share)) ** 2;
}

/** The pedals of a channel over time. */
export interface PedalLane {
  /** When the contact of the dampers changes, and to what. */
  readonly times: number[];
  readonly contacts: number[];
  /** When the sostenuto pedal goes down and up; the last span may be open. */
  readonly sostenuto: { readonly down: number; up: number }[];
  /** When the soft pedal goes down and up. */
  readonly soft: { readonly down: number; up: number }[];
}

const emptyLane = (): PedalLane => ({ times: [], contacts: [], sostenuto: [], soft: [] });

/** A pedal that is down at the end of the piece is lifted after so many seconds: nobody sits there for longer. */
const lastLiftSeconds = 4;

/** The pedals of a performance by channel; a channel without any has an empty lane. */
export function pedalLanes({ pedals, duration }: Performance): (channel: number) => PedalLane {
  const lanes = new Map<number, PedalLane>();
  for (let i = 0; i < pedals.count; i++) {
    const lane = lanes.get(pedals.channel[i]) ?? emptyLane();
    lanes.set(pedals.channel[i], lane);
    const [time, value] = [pedals.time[i], pedals.value[i]];
    if (pedals.controller[i] === sustainController) {
      const contact = contactOf(value);
      if (contact === (lane.contacts.at(-1) ?? 1)) continue;
      lane.times.push(time);
      lane.contacts.push(contact);
    } else if (pedals.controller[i] === sostenutoController) move(lane.sostenuto, time, value);
    else if (pedals.controller[i] === softController) move(lane.soft, time, value);
  }
  for (const { times, contacts } of lanes.values()) {
    if ((contacts.at(-1) ?? 1) === 1) continue;
    times.push(duration + lastLiftSeconds);
    contacts.push(1);
  }
  const none = emptyLane();
  return (channel) => lanes.get(channel) ?? none;
}

function move(spans: { readonly down: number; up: number }[], time: number, value: number): void {
  const last = spans.at(-1);
  const isDown = last !== undefined && last.up === Number.POSITIVE_INFINITY;
  if (value >= pedalThreshold && !isDown) spans.push({ down: time, up: Number.POSITIVE_INFINITY });
  else if (value < pedalThreshold && isDown) last.up = time;
}

/** Whether a pedal is down at a time. */
export function isDownAt(spans: PedalLane["soft"], time: number): boolean {
  return spans.some(({ down, up }) => down <= time && time < up);
}

/**
 * What dampers do to a note, from the release of its key on, until it is inaudible.
 *
 * @param restrike when the same string is struck again; infinite where it never is.
 * @returns steps in order, and the time at which nothing is left (infinite where the string may ring on for ever).
 */
export function dampingOf(
  lane: PedalLane,
  note: { readonly pitch: number; readonly start: number; readonly end: number; readonly restrike: number },
): { readonly steps: readonly Damping[]; readonly end: number } {
  const { pitch, start, restrike } = note;
  // The sostenuto pedal holds the dampers of the keys that are down when it is pressed.
  const held = lane.sostenuto.find(({ down, up }) => start < down && down <= note.end && up > note.end);
  const release = held?.up ?? note.end;
  const ofDamper = damperRate(pitch);
  const steps: Damping[] = [];
  let next = firstAfter(lane.times, release);
  let time = Math.min(release, restrike);
  let left = inaudible;
  while (time < Number.POSITIVE_INFINITY) {
    const contact = time < release ? 0 : next === 0 ? 1 : lane.contacts[next - 1];
    const rate = Math.max(contact * ofDamper, time >= restrike ? restrikeRate : 0);
    if (steps.at(-1)?.rate !== rate) steps.push({ time, rate });
    let until = next < lane.times.length ? lane.times[next] : Number.POSITIVE_INFINITY;
    if (time < release) until = release;
    if (time < restrike) until = Math.min(until, restrike);
    if (rate * (until - time) >= left) return { steps, end: time + left / rate };
    if (rate > 0) left -= rate * (until - time);
    time = until;
    while (next < lane.times.length && lane.times[next] <= time && time >= release) next++;
  }
  return { steps, end: Number.POSITIVE_INFINITY };
}

/** The first index whose time is later. */
function firstAfter(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
