/**
 * @file What each token of an event stream does, token by token. Asked of the representation once, and looked up ever after,
 * so that generation knows no representation by name.
 */
import type { Representation } from "../representations/index.ts";
import { invariant, UsageError } from "../util/errors.ts";
import type { TokenTable } from "./token-table.ts";

/** By token. */
export interface EventTable extends TokenTable {
  readonly steps: Uint8Array;
  readonly onset: Int16Array;
  /** Pitch that it releases, or -1. */
  readonly release: Int16Array;
  /** Velocity of the notes that follow it; 0 where it leaves that as it was. */
  readonly velocity: Uint8Array;
  /** 1 where it presses the sustain pedal, -1 where it lifts it, 0 elsewhere. */
  readonly pedal: Int8Array;
  /** Velocity of notes before which nothing was said of it. */
  readonly firstVelocity: number;
  /** By number of steps, the token that moves time on by so many; -1 for none. */
  readonly shift: Int16Array;
  /** The most steps that one token moves time on. */
  readonly longestShift: number;
}

/** @throws UsageError for representations whose steps are not single events */
export function eventTable(representation: Representation): EventTable {
  const { fields, timeline, name, vocabularySize: size } = representation;
  if (timeline === undefined || fields.length !== 1) {
    throw new UsageError(
      `found \`${name}\`, whose tokens are no single events, expected a stream of them as \`performance\` is: ask for one of such`,
    );
  }
  const all = timeline(Int32Array.from({ length: size }, (_, token) => token));
  const steps = Uint8Array.from(all.steps);
  const onset = Int16Array.from(all.onset);
  const release = Int16Array.from(all.release);
  const longestShift = steps.reduce((most, each) => Math.max(most, each), 0);
  const shift = new Int16Array(longestShift + 1).fill(-1);
  for (const [token, each] of steps.entries()) if (each > 0 && shift[each] < 0) shift[each] = token;
  invariant(
    shift.subarray(1).every((token) => token >= 0),
    `${name} moves time on by any number of steps`,
  );
  const strike = onset.findIndex((pitch) => pitch >= 0);
  const [pedal, velocity] = [new Int8Array(size), new Uint8Array(size)];
  const firstVelocity = probe([]).velocity;
  for (let token = 0; token < size; token++) {
    if (steps[token] > 0 || onset[token] >= 0 || release[token] >= 0) continue;
    const heard = probe([token]);
    const isPedal = heard.presses || probe([...presses(), token]).lifts;
    if (isPedal) pedal[token] = heard.presses ? 1 : -1;
    else velocity[token] = heard.velocity;
  }
  const ends = new Uint8Array(size).fill(1);
  return { size, steps, onset, ends, release, velocity, pedal, firstVelocity, shift, longestShift };

  /** A short note after these tokens. */
  function probe(before: readonly number[]) {
    const { notes, pedals } = representation.decode(Int32Array.of(...before, strike, shift[1]));
    return {
      velocity: notes.velocity[0],
      presses: pedals.count === 1,
      lifts: pedals.count === 2,
    };
  }

  /** The token that presses the pedal, once it was found: those before it are no pedals. */
  function presses(): readonly number[] {
    const token = pedal.indexOf(1);
    return token < 0 ? [] : [token];
  }
}
