/** @file Lanes: MIDI port × 16 + channel. General MIDI plays drums on the tenth channel of a port, and nothing else. */
import type { Instrument } from "../music/performance.ts";

export const drumChannel = 9;

export const isDrumLane = (lane: number): boolean => (lane & 0x0f) === drumChannel;

/**
 * The lane each instrument is written on: its own, unless drums stand outside the drum channel or another instrument on
 * it. `moved` tells pedals of a lane that was left where it went.
 */
export function assignLanes(instruments: readonly Instrument[]): {
  readonly lanes: readonly number[];
  readonly moved: ReadonlyMap<number, number>;
} {
  const fits = ({ isDrum, channel }: Instrument) => isDrum === isDrumLane(channel);
  const taken = new Set(instruments.filter(fits).map(({ channel }) => channel));
  const moved = new Map<number, number>();
  const lanes = instruments.map((instrument) => {
    const { isDrum, channel } = instrument;
    if (fits(instrument)) return channel;
    const port = channel & ~0x0f;
    const lane = isDrum ? port + drumChannel : freeLane(port, taken);
    taken.add(lane);
    if (!moved.has(channel)) moved.set(channel, lane);
    return lane;
  });
  for (const [index, { channel }] of instruments.entries())
    if (lanes[index] === channel) moved.delete(channel);
  return { lanes, moved };
}

function freeLane(port: number, taken: ReadonlySet<number>): number {
  for (let lane = port; lane < port + 16; lane++) if (!isDrumLane(lane) && !taken.has(lane)) return lane;
  return port;
}
