/**
 * @file A written piece as somebody might play it: phrases that breathe, a melody that sings above what goes with it,
 * a pedal changed with the harmony. The same seed plays the same; only sums, products and comparisons, so that every
 * machine does.
 */
import { createPerformance, type Note, type Pedal, type Performance } from "../../src/music/index.ts";
import { createRandom, type Random } from "../../src/util/random.ts";
import { marks, quarter, type Touch, type Voice, type WrittenNote, type WrittenPiece } from "./score.ts";

type Played = Omit<Note, "instrument">;

/** The tempo is held over so many units. */
const grain = quarter / 8;
/** The close broadens over so many bars. */
const broad = 2.5;
/** Silence before the first note, in seconds. */
const lead = 0.25;
/** Seconds that a key needs to come up before it is struck again. */
const recovery = 0.02;

/** Parts of its written length for which a note is held. */
const held: Readonly<Record<Touch, number>> = { legato: 1, portato: 0.86, detached: 0.6 };

export function playPiece(piece: WrittenPiece, seed: string): Performance {
  const random = createRandom(seed);
  const clock = keepTime(piece, random.fork("time"));
  const dynamics = random.fork("dynamics");
  const level = (dynamics.next() - 0.5) * 10;
  const notes = piece.voices.flatMap((voice, index) =>
    playVoice(piece, voice, { isMelody: index === 0, clock, level, random: random.fork(voice.name) }),
  );
  return createPerformance({
    notes: separate(notes),
    pedals: piece.pedal > 0 ? pressPedal(piece, clock, random.fork("pedal")) : [],
  });
}

/** Where in its phrase a place lies, 0 to 1, and which phrase that is. A pickup belongs to what it leads to. */
function phraseAt({ bar, pickup, phrase, length }: WrittenPiece, place: number) {
  const size = bar * phrase;
  const last = Math.max(0, Math.ceil((length - pickup) / size) - 1);
  const index = Math.min(last, Math.max(0, Math.floor((place - pickup) / size)));
  const end = index === last ? length - pickup : (index + 1) * size;
  const begin = index === 0 ? -pickup : index * size;
  return { index, progress: (place - pickup - begin) / (end - begin) };
}

type Clock = (place: number) => number;

/** Seconds of a place: slower at both ends of a phrase, with a breath at its end and a broad close. */
function keepTime(piece: WrittenPiece, random: Random): Clock {
  const { freedom, bar, length } = piece;
  const secondsPerUnit = (60 / piece.tempo / quarter) * (0.94 + 0.12 * random.next());
  const arch = freedom * (0.08 + 0.07 * random.next());
  const breath = freedom * (0.1 + 0.15 * random.next());
  const close = Math.min(1, freedom) * (0.45 + 0.3 * random.next());
  const seconds = [lead];
  let drift = 0;
  for (let place = 0; place < length; place += grain) {
    const { progress } = phraseAt(piece, place + grain / 2);
    const edge = 2 * progress - 1;
    const late = Math.max(0, (progress - 0.85) / 0.15);
    const ending = Math.max(0, (place - length + broad * bar) / (broad * bar));
    if (place % bar === 0) drift = freedom * 0.03 * (random.next() - 0.5);
    const stretch = 1 + arch * (edge * edge - 0.4) + breath * late * late + close * ending * ending + drift;
    seconds.push(seconds[seconds.length - 1] + grain * secondsPerUnit * stretch);
  }
  return (place) => {
    const index = Math.min(seconds.length - 2, Math.floor(place / grain));
    return seconds[index] + (seconds[index + 1] - seconds[index]) * (place / grain - index);
  };
}

interface Part {
  readonly isMelody: boolean;
  readonly clock: Clock;
  /** Louder or softer than written, all through. */
  readonly level: number;
  readonly random: Random;
}

function playVoice(piece: WrittenPiece, { notes }: Voice, part: Part): readonly Played[] {
  const { isMelody, clock, random } = part;
  const middle = notes.reduce((sum, { pitch }) => sum + pitch, 0) / Math.max(1, notes.length);
  /** Seconds by which the melody comes first. */
  const ahead = isMelody ? 0.006 + 0.01 * random.next() : 0;
  let rank = 0;
  return notes.map((note, index) => {
    // A chord is spread a little, from below.
    rank = index > 0 && notes[index - 1].start === note.start ? rank + 1 : 0;
    const start = Math.max(0, clock(note.start) - ahead + rank * 0.004 + 0.012 * bell(random));
    const length = (clock(note.start + note.length) - clock(note.start)) * held[piece.touch];
    const end = start + Math.max(0.05, length * (1.01 + 0.05 * bell(random)));
    return { start, end, pitch: note.pitch, velocity: loudness(piece, note, middle, part) };
  });
}

function loudness(
  piece: WrittenPiece,
  note: WrittenNote,
  middle: number,
  { isMelody, level, random }: Part,
): number {
  const { index, progress } = phraseAt(piece, note.start);
  const edge = 2 * progress - 1;
  const place = note.start - piece.pickup;
  const accent = place % piece.bar === 0 ? 4 : place % piece.beat === 0 ? 0 : -3;
  const contour = Math.max(-6, Math.min(6, 0.4 * (note.pitch - middle)));
  const velocity =
    marks[piece.dynamics[index % piece.dynamics.length]] +
    level +
    8 * (0.6 - edge * edge) +
    accent +
    contour * (isMelody ? 1 : 0.5) +
    (isMelody ? 9 : -7) +
    5 * bell(random);
  return Math.round(Math.max(18, Math.min(115, velocity)));
}

/** Between -1 and 1, mostly near 0. */
const bell = (random: Random) => random.next() + random.next() - 1;

/** One key cannot be struck where it is down: voices that meet on it become one note, and others end in time. */
function separate(notes: readonly Played[]): readonly Played[] {
  const sorted = notes.toSorted((a, b) => a.pitch - b.pitch || a.start - b.start);
  const kept: Played[] = [];
  for (const note of sorted) {
    const before = kept.at(-1);
    if (before === undefined || before.pitch !== note.pitch || before.end + recovery < note.start) {
      kept.push(note);
    } else if (note.start - before.start < 0.06) {
      const end = Math.max(before.end, note.end);
      kept[kept.length - 1] = { ...before, end, velocity: Math.max(before.velocity, note.velocity) };
    } else {
      kept[kept.length - 1] = { ...before, end: note.start - recovery };
      kept.push(note);
    }
  }
  return kept;
}

/** Down a moment after the harmony has sounded, up as the next one comes: what pianists call legato pedalling. */
function pressPedal(piece: WrittenPiece, clock: Clock, random: Random): readonly Omit<Pedal, "channel">[] {
  const { pedal, pickup, length } = piece;
  const moves: Omit<Pedal, "channel">[] = [];
  const first = pickup % pedal;
  for (let place = first; place < length; place += pedal) {
    const down = clock(place) + 0.06 + 0.03 * random.next();
    const up = clock(Math.min(length, place + pedal)) - 0.01 * random.next();
    const value = 96 + random.integer(32);
    if (up > down) moves.push({ time: down, controller: 64, value }, { time: up, controller: 64, value: 0 });
  }
  return moves;
}
