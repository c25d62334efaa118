/**
 * @file What makes a stream invalid, written from the specification and from the names of tokens alone, so that it
 * shares nothing with the grammars that it judges.
 */
import { parsePitch } from "../../src/music/pitch.ts";
import type { GrammarStart, RepresentationName } from "../../src/representations/index.ts";

/** The names of the tokens, step by step. */
export type Names = readonly (readonly string[])[];

export interface Reading {
  /** What is wrong with the stream; undefined where nothing is. */
  readonly fault?: string;
  /** How many notes one hears: an onset after which no time passes is none. */
  readonly notes: number;
}

/** How each representation is read. A new one brings its own line. */
export const readings: Readonly<Record<RepresentationName, (names: Names, start: GrammarStart) => Reading>> =
  {
    performance: readEvents,
    "performance-pedal": readEvents,
    notes: readNotes,
    "note-tuple": readTuples,
    multitrack: readTracks,
    pitches: readPitches,
    melody: readMelody,
  };

function readEvents(names: Names, start: GrammarStart): Reading {
  const sounding = new Map<string, number[]>();
  const pedalOrder = { pedal: 0, "note-off": 1, "note-on": 2 };
  const usesVelocity = names.some(([name]) => name.startsWith("velocity:"));
  let step = 0;
  let place = 0;
  let velocity: string | undefined;
  let pedal = start === "piece" ? "pedal-up" : undefined;
  let previous = "";
  let notes = 0;
  let pending = 0;
  const faults: string[] = [];
  names.forEach(([name], i) => {
    const [kind, value = ""] = name.split(":");
    const fault = (what: string) => faults.push(`${name} at ${i}: ${what}`);
    const come = (rank: number) => {
      if (rank < place) fault("out of the order pedals, releases, onsets");
      place = rank;
    };
    if (previous.startsWith("velocity:") && kind !== "note-on") fault("follows a velocity without its onset");
    if (kind === "note-on") {
      come(pedalOrder["note-on"]);
      if (usesVelocity && velocity === undefined && start === "piece") fault("onset before any velocity");
      sounding.set(value, [...(sounding.get(value) ?? []), step]);
      pending++;
    } else if (kind === "note-off") {
      come(pedalOrder["note-off"]);
      const [first, ...others] = sounding.get(value) ?? [];
      if (first === undefined && start === "piece") fault("releases what does not sound");
      if (first === step) fault("ends a note where it began");
      sounding.set(value, others);
    } else if (kind === "time-shift") {
      const [before, partial] = previous.split(":");
      if (before === "time-shift" && Number(partial) < 100) fault("a second partial shift");
      step += Number(value);
      place = 0;
      notes += pending;
      pending = 0;
    } else if (kind === "velocity") {
      come(pedalOrder["note-on"]);
      if (value === velocity) fault("repeats the velocity");
      velocity = value;
    } else if (kind === "pedal-down" || kind === "pedal-up") {
      come(pedalOrder.pedal);
      if (kind === pedal) fault("moves a pedal to where it is");
      pedal = kind;
    } else fault("no event");
    previous = name;
  });
  return { notes, ...(faults.length > 0 && { fault: faults[0] }) };
}

function readNotes(names: Names): Reading {
  const rests = names.filter(([, pitch]) => pitch === "rest");
  const odd = rests.find(
    ([shift, , velocity, duration]) =>
      shift !== "shift:10.00000" || velocity !== "velocity:1" || duration !== "duration:0.01000",
  );
  return { notes: names.length - rests.length, ...(odd && { fault: `rest as ${odd.join(" ")}` }) };
}

/** Every step is a note. */
function readTuples(names: Names): Reading {
  const kinds = "shift-major shift-minor pitch velocity duration-major duration-minor";
  const odd = names.find((step) => step.map((name) => name.split(":")[0]).join(" ") !== kinds);
  return { notes: names.length, ...(odd && { fault: `no note: ${odd.join(" ")}` }) };
}

function readTracks(names: Names): Reading {
  const faults: string[] = [];
  let last = [0, 0];
  let notes = 0;
  names.forEach((step, i) => {
    const [shift, program, pitch] = step;
    const isRest = pitch === "rest";
    if (isRest && step.join(" ") !== "shift:1.00000 program:0 rest velocity:1 duration:0.01000")
      faults.push(`rest as ${step.join(" ")} at ${i}`);
    const place = [program === "drums" ? 128 : numberOf(program), isRest ? 0 : numberOf(pitch)];
    const isLater = place[0] > last[0] || (place[0] === last[0] && place[1] >= last[1]);
    if (shift === "shift:0.00000" && !isLater) faults.push(`${step.join(" ")} at ${i}: out of order`);
    last = place;
    if (!isRest) notes++;
  });
  return { notes, ...(faults.length > 0 && { fault: faults[0] }) };
}

function readPitches(names: Names): Reading {
  const faults: string[] = [];
  const seconds = names.map(([name]) => numberOf(name));
  // Where there are rests at all but the first, the longest time is among the tokens.
  const longest = seconds.reduce((most, each) => Math.max(most, each), 0);
  let chord = -1;
  let pending = 0;
  let notes = 0;
  names.forEach(([name], i) => {
    const fault = (what: string) => faults.push(`${name} at ${i}: ${what}`);
    const [kind, named] = name.split(":");
    const isNote = kind === "note";
    const pitch = (isNote ? parsePitch(named) : undefined) ?? -1;
    if (chord >= 0 && pitch <= chord) fault("does not rise in a chord");
    if (!isNote && i > 0 && seconds[i - 1] !== longest) fault("a rest after less than the longest time");
    if (isNote) pending++;
    else if (seconds[i] === 0) fault("a rest of no time");
    chord = seconds[i] === 0 ? pitch : -1;
    if (chord === 127) fault("a chord above which there is nothing");
    if (seconds[i] === 0) return;
    notes += pending;
    pending = 0;
  });
  return { notes, ...(faults.length > 0 && { fault: faults[0] }) };
}

function readMelody(names: Names): Reading {
  const found = names.findIndex(
    ([step, , duration], i) =>
      (i > 0 && numberOf(step) < Math.max(0.03, numberOf(names[i - 1][2]))) || numberOf(duration) === 0,
  );
  return { notes: names.length, ...(found >= 0 && { fault: `${names[found].join(" ")} at ${found}` }) };
}

/** What stands behind the last colon. */
const numberOf = (name: string) => Number(name.slice(name.lastIndexOf(":") + 1));
