/** @file Études made by rule, one in each key: a scale, a cadence, broken chords and an Alberti bass under a tune. */
import { createRandom, type Random } from "../../src/util/random.ts";
import { quarter, type WrittenNote, type WrittenPiece, whole } from "./score.ts";

type Mode = "major" | "minor";

/** The usual spelling of each key, C first. */
const tonics: Readonly<Record<Mode, readonly string[]>> = {
  major: ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
  minor: ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"],
};

/** Semitones above the tonic; minor is the harmonic one, going up and coming down. */
const scales: Readonly<Record<Mode, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 11],
};

/** Degrees of the scale, the tonic 0, on which chords stand; each progression comes home. */
const progressions: readonly (readonly number[])[] = [
  [0, 3, 4, 0],
  [0, 5, 3, 4],
  [0, 1, 4, 0],
  [0, 5, 1, 4],
];

/** Semitones of a degree above the tonic, over any number of octaves. */
function step(mode: Mode, degree: number): number {
  const scale = scales[mode];
  const octave = Math.floor(degree / scale.length);
  return 12 * octave + scale[degree - octave * scale.length];
}

interface Hands {
  readonly right: WrittenNote[];
  readonly left: WrittenNote[];
}

export function writeEtudes(seed: string): readonly WrittenPiece[] {
  return (["major", "minor"] as const).flatMap((mode) =>
    tonics[mode].map((name, tonic) => writeEtude(name, tonic, mode, createRandom(`${seed} ${name} ${mode}`))),
  );
}

function writeEtude(name: string, tonic: number, mode: Mode, random: Random): WrittenPiece {
  const base = 48 + (tonic > 6 ? tonic - 12 : tonic);
  const pitch = (degree: number, octave: number) => base + 12 * octave + step(mode, degree);
  const progression = progressions[random.integer(progressions.length)];
  const parts = [writeScale, writeBroken, writeAlberti];
  const first = random.integer(parts.length);
  const hands: Hands = { right: [], left: [] };
  let now = 0;
  for (let i = 0; i < parts.length; i++) {
    now = parts[(first + i) % parts.length]({ hands, now, pitch, progression, random });
  }
  now = writeCadence({ hands, now, pitch, progression, random });
  return {
    title: `Étude in ${name} ${mode}`,
    composer: "Rubato",
    key: `${name} ${mode}`,
    tempo: 84 + random.integer(36),
    bar: whole,
    beat: quarter,
    pickup: 0,
    length: now,
    phrase: 2,
    dynamics: random.next() < 0.5 ? ["mp", "mf", "f", "mp"] : ["mf", "p", "mp", "f"],
    touch: random.next() < 0.5 ? "legato" : "portato",
    freedom: 0.6,
    pedal: 0,
    voices: [
      { name: "right", notes: hands.right },
      { name: "left", notes: hands.left },
    ],
  };
}

interface Site {
  readonly hands: Hands;
  /** Units at which to begin. */
  readonly now: number;
  /** A degree of the scale, in octaves above the one below middle C. */
  readonly pitch: (degree: number, octave: number) => number;
  readonly progression: readonly number[];
  readonly random: Random;
}

/** Two bars, hands in octaves: up two octaves and down again, in sixteenths. */
function writeScale({ hands, now, pitch }: Site): number {
  const length = whole / 16;
  const degrees = [...Array(15).keys(), ...Array.from({ length: 14 }, (_, i) => 13 - i)];
  degrees.forEach((degree, i) => {
    const isLast = i === degrees.length - 1;
    const note = { start: now + i * length, length: isLast ? length * 4 : length };
    hands.right.push({ ...note, pitch: pitch(degree, 1) });
    hands.left.push({ ...note, pitch: pitch(degree, 0) });
  });
  return now + 2 * whole;
}

/** A bar for each chord: broken upwards and down by the right hand, over its root. */
function writeBroken({ hands, now, pitch, progression }: Site): number {
  const length = whole / 8;
  progression.forEach((root, bar) => {
    const start = now + bar * whole;
    hands.left.push({ start, length: whole, pitch: pitch(root > 3 ? root - 7 : root, 0) });
    [0, 2, 4, 7, 9, 7, 4, 2].forEach((above, i) => {
      hands.right.push({
        start: start + i * length,
        length,
        pitch: pitch(root > 3 ? root + above - 7 : root + above, 1),
      });
    });
  });
  return now + progression.length * whole;
}

/** A bar for each chord: the left hand goes low, high, middle, high under notes of the chord. */
function writeAlberti({ hands, now, pitch, progression, random }: Site): number {
  const length = whole / 8;
  progression.forEach((root, bar) => {
    const start = now + bar * whole;
    const degree = root > 3 ? root - 7 : root;
    [0, 4, 2, 4, 0, 4, 2, 4].forEach((above, i) => {
      hands.left.push({ start: start + i * length, length, pitch: pitch(degree + above, 0) });
    });
    const top = [4, 7, 9][random.integer(3)];
    const rhythm = random.next() < 0.5 ? [4, 2, 2] : [3, 1, 4];
    const tune = random.next() < 0.5 ? [top, top + 1, top] : [top, top - 1, top - 2];
    let at = start;
    rhythm.forEach((eighths, i) => {
      hands.right.push({ start: at, length: eighths * length, pitch: pitch(degree + tune[i], 1) });
      at += eighths * length;
    });
  });
  return now + progression.length * whole;
}

/** Tonic, subdominant, dominant seventh, tonic: in halves, and the last a whole bar. */
function writeCadence({ hands, now, pitch }: Site): number {
  const chords: readonly (readonly number[])[] = [
    [0, 2, 4, 7],
    [0, 3, 5, 7],
    [-1, 3, 4, 6],
    [0, 2, 4, 7],
  ];
  const roots = [0, 3, 4, 0];
  chords.forEach((chord, i) => {
    const place = { start: now + i * (whole / 2), length: i === 3 ? whole : whole / 2 };
    for (const degree of chord) hands.right.push({ ...place, pitch: pitch(degree, 1) });
    hands.left.push({ ...place, pitch: pitch(roots[i] - (roots[i] > 3 ? 7 : 0), 0) });
  });
  return now + 3 * whole;
}
