/**
 * @file What a round trip through an event representation may change, and nothing more. Exactly:
 *
 * Of each pitch as many notes come back as went in. The k-th onset comes back within half a step (5 ms) of the k-th
 * onset. The k-th end, in rising order, comes back within half a step of the k-th end in rising order; there the end of
 * a note whose onset and end round to one step is taken to be one step after its rounded onset. (So each note gets its
 * own end back, unless another of its pitch sounds with it: the stream does not say whose release is whose.)
 * Velocities come back within 2 as the centre of their bin, and up to 3 lower as its floor.
 */
import { type Notes, type Performance, pedalsOf } from "../../src/music/performance.ts";
import type { Representation } from "../../src/representations/index.ts";

/** Half a step, and what is lost in the last digits of a double. */
const halfStep = 0.005 + 1e-9;

export interface RoundTrip {
  readonly tokens: number;
  readonly notes: number;
  /** Notes that became one step long because they round to none. */
  readonly oneStepNotes: number;
  /** What should not be; empty where all is well. */
  readonly faults: readonly string[];
}

/**
 * @param representations the same tokens, decoded to the centre and to the floor of velocities.
 */
export function roundTrip(
  performance: Performance,
  { centre, floor }: { readonly centre: Representation; readonly floor: Representation },
): RoundTrip {
  const normal = centre.normalise(performance);
  const tokens = centre.encode(performance);
  const decoded = centre.decode(tokens);
  const before = byPitch(normal.notes);
  const after = byPitch(decoded.notes);
  const floored = byPitch(floor.decode(tokens).notes);
  const faults: string[] = [];
  let oneStepNotes = 0;
  const compare = (what: string, wanted: number, found: number) => {
    if (!(Math.abs(wanted - found) <= halfStep)) faults.push(`${what}: ${wanted} became ${found}`);
  };

  before.forEach(({ start, end, velocity }, pitch) => {
    const back = after[pitch];
    if (back.start.length !== start.length) {
      faults.push(`pitch ${pitch}: ${start.length} notes became ${back.start.length}`);
      return;
    }
    const ends = end.map((seconds, k) => {
      const onset = Math.floor(start[k] * 100 + 0.5);
      if (Math.floor(seconds * 100 + 0.5) > onset) return seconds;
      oneStepNotes++;
      return (onset + 1) / 100;
    });
    ends.sort((a, b) => a - b);
    start.forEach((seconds, k) => {
      compare(`onset ${k} of ${pitch}`, seconds, back.start[k]);
      compare(`end ${k} of ${pitch}`, ends[k], back.end[k]);
      const above = velocity[k] - floored[pitch].velocity[k];
      if (Math.abs(velocity[k] - back.velocity[k]) > 2 || above < 0 || above > 3) {
        faults.push(`velocity ${velocity[k]} became ${back.velocity[k]}, ${floored[pitch].velocity[k]}`);
      }
    });
  });

  const crossings = sustainCrossings(normal);
  const crossingsBack = sustainCrossings(decoded);
  // A representation that folds the pedal in has none after normalising, and gives none back.
  if (crossings.length !== crossingsBack.length) {
    faults.push(`${crossings.length} pedal crossings became ${crossingsBack.length}`);
  }
  crossings.forEach(({ time, isDown }, k) => {
    if (crossingsBack[k]?.isDown !== isDown) faults.push(`crossing ${k}: other way round`);
    compare(`crossing ${k}`, time, crossingsBack[k]?.time);
  });
  return { tokens: tokens.length, notes: normal.notes.count, oneStepNotes, faults };
}

function byPitch({ count, start, end, pitch, velocity }: Notes) {
  const pitches = Array.from({ length: 128 }, () => ({
    start: [] as number[],
    end: [] as number[],
    velocity: [] as number[],
  }));
  for (let i = 0; i < count; i++) {
    const own = pitches[pitch[i]];
    own.start.push(start[i]);
    own.end.push(end[i]);
    own.velocity.push(velocity[i]);
  }
  return pitches;
}

/** Of performances with one sustain pedal. */
function sustainCrossings(performance: Performance): { readonly time: number; readonly isDown: boolean }[] {
  let wasDown = false;
  const crossings: { time: number; isDown: boolean }[] = [];
  for (const { time, controller, value } of pedalsOf(performance)) {
    const isDown = value >= 64;
    if (controller !== 64 || isDown === wasDown) continue;
    wasDown = isDown;
    crossings.push({ time, isDown });
  }
  return crossings;
}
