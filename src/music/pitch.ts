/** @file Pitches and their names: 60 is C4, middle C. */

/** The twelve pitch classes from C on; black keys are sharps. */
export const pitchClassNames: readonly string[] = Object.freeze([
  "C",
  "C#",
  "D",
  "D#",
  "E",
  "F",
  "F#",
  "G",
  "G#",
  "A",
  "A#",
  "B",
]);

const letters: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const accidentals: Readonly<Record<string, number>> = {
  "": 0,
  "#": 1,
  "♯": 1,
  "##": 2,
  x: 2,
  b: -1,
  "♭": -1,
  bb: -2,
};
const pattern = /^([A-Ga-g])(##|#|x|♯|bb|b|♭)?(-?\d{1,2})$/;
const classPattern = /^([A-Ga-g])(##|#|x|♯|bb|b|♭)?$/;

/** 0 for C to 11 for B, of any whole number. */
export function pitchClass(pitch: number): number {
  return ((pitch % 12) + 12) % 12;
}

/** Whether the key is a black one. */
export function isBlackKey(pitch: number): boolean {
  return pitchClassNames[pitchClass(pitch)].length > 1;
}

/** @example pitchName(60) → "C4"; pitchName(0) → "C-1" */
export function pitchName(pitch: number): string {
  return `${pitchClassNames[pitchClass(pitch)]}${Math.floor(pitch / 12) - 1}`;
}

/**
 * The pitch that a name means; undefined if it is none, or none that MIDI has.
 *
 * @example parsePitch("Bb3") → 58; parsePitch("H3") → undefined
 */
export function parsePitch(name: string): number | undefined {
  const match = pattern.exec(name.trim());
  if (match === null) return undefined;
  const [, letter, accidental = "", octave] = match;
  const pitch = (Number(octave) + 1) * 12 + letters[letter.toUpperCase()] + accidentals[accidental];
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}

/**
 * The pitch class that a name without octave means; undefined if it is none.
 *
 * @example parsePitchClass("F#") → 6; parsePitchClass("Cb") → 11
 */
export function parsePitchClass(name: string): number | undefined {
  const match = classPattern.exec(name.trim());
  if (match === null) return undefined;
  const [, letter, accidental = ""] = match;
  return pitchClass(letters[letter.toUpperCase()] + accidentals[accidental]);
}
