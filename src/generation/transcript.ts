/** @file Music as it comes to be known, token after token. */
import type { Instrument } from "../music/index.ts";

/** Times in seconds; the player is told where a representation knows several. */
export type MusicEvent =
  | {
      readonly type: "note-on";
      readonly time: number;
      readonly pitch: number;
      /** 1 to 127 */
      readonly velocity: number;
      readonly player?: Instrument;
    }
  | {
      readonly type: "note-off";
      readonly time: number;
      readonly pitch: number;
      readonly player?: Instrument;
    }
  | { readonly type: "pedal"; readonly time: number; readonly isDown: boolean };

/** Seconds; pitch 0 to 127, velocity 1 to 127. */
export interface PlayedNote {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
  readonly velocity: number;
  /** Who plays it, where a representation knows several players; a piano otherwise. */
  readonly player?: Instrument;
}

export interface Transcript {
  /** Seconds since the music began. */
  readonly seconds: number;
  hear(token: number): void;
  /** From here on a note that lasts so many seconds ends, whether or not it is released. */
  limit(seconds: number): void;
  /** The music begins here: what was heard so far is not told. Loudness and pedal stay as they are. */
  begin(): void;
  /**
   * The music ends.
   *
   * @param rings whether what still sounds, and has no end yet, rings on for a second; otherwise it is released at once
   */
  close(rings: boolean): void;
  /** Events since this was last asked, in the order of time. */
  takeEvents(): readonly MusicEvent[];
  /** Notes that are known to their ends, in the order of their onsets: all that begin earlier are told. */
  takeNotes(): readonly PlayedNote[];
}
