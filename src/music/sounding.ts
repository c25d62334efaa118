/** @file What sounds and what is held over time: how many notes at once, and how the pedals are used. */

import {
  type Performance,
  pedalThreshold,
  softController,
  sostenutoController,
  sustainController,
} from "./performance.ts";

export interface Polyphony {
  /** Notes at once, over the time in which any sounds. */
  readonly mean: number;
  readonly maximum: number;
  /** Share of the duration with 0, 1, 2, 3, 4 and with 5 or more notes. */
  readonly timeShares: readonly number[];
}

export interface PedalUse {
  readonly movements: number;
  /** How often the value rises from below 64 to 64 or more. */
  readonly presses: number;
  /** Share of the duration in which the pedal is down, on any channel. */
  readonly downShare: number;
  /** Whether it takes values other than 0 and 127: half pedalling was recorded. */
  readonly continuous: boolean;
}

export interface PedalsUse {
  readonly sustain: PedalUse;
  readonly sostenuto: PedalUse;
  readonly soft: PedalUse;
  /** Share of the notes that begin while the sustain pedal of their channel is down. */
  readonly sustainedOnsets: number;
}

/** Counts keys that are held, not strings that ring by the pedal; a note without length does not count. */
export function polyphonyOf({ notes, duration }: Performance): Polyphony {
  const kept = Array.from({ length: notes.count }, (_, i) => i).filter((i) => notes.end[i] > notes.start[i]);
  const starts = Float64Array.from(kept, (i) => notes.start[i]);
  const ends = Float64Array.from(kept, (i) => notes.end[i]).sort();
  const seconds = [0, 0, 0, 0, 0, 0];
  let maximum = 0;
  let noteSeconds = 0;
  let now = 0;
  let ended = 0;
  let begun = 0;
  while (ended < ends.length) {
    // A note that ends when another begins makes room for it.
    const isEnd = begun === starts.length || ends[ended] <= starts[begun];
    const then = isEnd ? ends[ended] : starts[begun];
    const sounding = begun - ended;
    seconds[Math.min(sounding, 5)] += then - now;
    noteSeconds += sounding * (then - now);
    now = then;
    if (isEnd) ended++;
    else begun++;
    maximum = Math.max(maximum, begun - ended);
  }
  seconds[0] += Math.max(0, duration - now);
  const total = seconds.reduce((sum, part) => sum + part, 0);
  const sounding = total - seconds[0];
  return {
    mean: sounding > 0 ? noteSeconds / sounding : 0,
    maximum,
    timeShares: total > 0 ? seconds.map((part) => part / total) : [1, 0, 0, 0, 0, 0],
  };
}

export function pedalsUseOf(performance: Performance): PedalsUse {
  return {
    sustain: pedalUse(performance, sustainController),
    sostenuto: pedalUse(performance, sostenutoController),
    soft: pedalUse(performance, softController),
    sustainedOnsets: sustainedOnsets(performance),
  };
}

function pedalUse({ pedals, duration }: Performance, controller: number): PedalUse {
  const down = new Set<number>();
  let movements = 0;
  let presses = 0;
  let continuous = false;
  let downSeconds = 0;
  let downSince = 0;
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] !== controller) continue;
    const channel = pedals.channel[i];
    const wasDown = down.size > 0;
    movements++;
    if (pedals.value[i] !== 0 && pedals.value[i] !== 127) continuous = true;
    if (pedals.value[i] < pedalThreshold) down.delete(channel);
    else if (!down.has(channel)) {
      down.add(channel);
      presses++;
    }
    if (!wasDown && down.size > 0) downSince = pedals.time[i];
    if (wasDown && down.size === 0) downSeconds += pedals.time[i] - downSince;
  }
  if (down.size > 0) downSeconds += duration - downSince;
  return { movements, presses, downShare: duration > 0 ? downSeconds / duration : 0, continuous };
}

/** A pedal that moves in the same instant as the note comes first. */
function sustainedOnsets({ notes, pedals, instruments }: Performance): number {
  const down = new Set<number>();
  let sustained = 0;
  let next = 0;
  for (let i = 0; i < notes.count; i++) {
    for (; next < pedals.count && pedals.time[next] <= notes.start[i]; next++) {
      if (pedals.controller[next] !== sustainController) continue;
      if (pedals.value[next] >= pedalThreshold) down.add(pedals.channel[next]);
      else down.delete(pedals.channel[next]);
    }
    if (down.has(instruments[notes.instrument[i]].channel)) sustained++;
  }
  return notes.count > 0 ? sustained / notes.count : 0;
}
