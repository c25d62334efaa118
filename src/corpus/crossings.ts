/**
 * @file What a corpus keeps of the pedals: where each crosses 64, and nothing in between. As few movements as possible
 * from which everything downstream (folding sustain, pedal tokens, segments) comes out as from all of them.
 */
import { type Pedals, pedalsFromColumns, pedalThreshold, sustainController } from "../music/performance.ts";

/** One pedal of one channel. */
class Lane {
  /** As the movements stand in the file. */
  isDown = false;
  /** As `foldSustain` takes them: at one time down comes before up, whatever the file says. */
  isHeld = false;
  /** The last movement up, or -1. */
  lift = -1;
}

/** The movements that cross 64, with values 127 and 0; beside them only those without which folding would differ. */
export function pedalCrossings(pedals: Pedals): Pedals {
  const { count, time, controller, value, channel } = pedals;
  const kept = new Uint8Array(count);
  const lanes = new Map<number, Lane>();
  let key = -1;
  let lane = new Lane();
  let lastSustain = -1;
  for (let i = 0; i < count; i++) {
    const here = channel[i] * 128 + controller[i];
    if (here !== key) {
      key = here;
      lane = lanes.get(key) ?? new Lane();
      lanes.set(key, lane);
    }
    if (controller[i] === sustainController) lastSustain = i;
    if (value[i] < pedalThreshold) {
      lane.lift = i;
      if (!lane.isDown) continue;
      lane.isDown = false;
      lane.isHeld = false;
      kept[i] = 1;
    } else if (!lane.isHeld) {
      // A lift at this very time keeps the pedal up, even one that changed nothing by itself.
      lane.isHeld = lane.lift < 0 || time[lane.lift] !== time[i];
      if (!lane.isHeld) kept[lane.lift] = 1;
      if (lane.isHeld || !lane.isDown) kept[i] = 1;
      lane.isDown = true;
    }
  }
  // What nothing ends sounds until the last event, and that may be a movement that crosses nothing.
  if (lastSustain >= 0) kept[lastSustain] = 1;
  return pick(pedals, kept);
}

function pick({ time, controller, value, channel }: Pedals, kept: Uint8Array): Pedals {
  let count = 0;
  for (let i = 0; i < kept.length; i++) count += kept[i];
  const picked = {
    time: new Float64Array(count),
    controller: new Uint8Array(count),
    value: new Uint8Array(count),
    channel: new Uint16Array(count),
  };
  let to = 0;
  for (let i = 0; i < kept.length; i++) {
    if (kept[i] === 0) continue;
    picked.time[to] = time[i];
    picked.controller[to] = controller[i];
    picked.value[to] = value[i] >= pedalThreshold ? 127 : 0;
    picked.channel[to] = channel[i];
    to++;
  }
  return pedalsFromColumns(picked);
}
