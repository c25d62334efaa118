/** @file A piece as it is written: voices in exact fractions of a whole note, and how it wants to be played. */

/** Units of a whole note: halves, thirds and fifths of anything down to a sixty-fourth are whole numbers. */
export const whole = 5760;
export const quarter = whole / 4;

export interface WrittenNote {
  /** Units from the beginning of the piece. */
  readonly start: number;
  readonly length: number;
  readonly pitch: number;
}

export interface Voice {
  readonly name: string;
  readonly notes: readonly WrittenNote[];
}

export const marks = { pp: 36, p: 46, mp: 56, mf: 66, f: 78, ff: 90 } as const;
export type Mark = keyof typeof marks;

export const touches = ["legato", "portato", "detached"] as const;
export type Touch = (typeof touches)[number];

export interface WrittenPiece {
  readonly title: string;
  readonly composer: string;
  /** As `estimateKey` names it: "D minor". */
  readonly key: string;
  /** Quarters a minute. */
  readonly tempo: number;
  /** Units. */
  readonly bar: number;
  readonly beat: number;
  /** Units before the first full bar. */
  readonly pickup: number;
  /** Units. */
  readonly length: number;
  /** Bars of a phrase. */
  readonly phrase: number;
  /** One for each phrase; begun again when they are used up. */
  readonly dynamics: readonly Mark[];
  readonly touch: Touch;
  /** How freely it is played: 1 unless the piece says otherwise. */
  readonly freedom: number;
  /** Units after which the pedal is changed; 0 for none. */
  readonly pedal: number;
  /** The first is the melody. */
  readonly voices: readonly Voice[];
}
