/** @file What each token does to the music, as far as lengths and processors have to know. */
import type { Column } from "../music/index.ts";

/** By token. One that strikes a pitch and moves time on strikes first. */
export interface TokenTable {
  readonly size: number;
  /** Steps of 10 ms by which it moves time on, parts of one included; 0 for most. */
  readonly steps: Column;
  /** Pitch that it strikes, or -1. */
  readonly onset: Column;
  /** 1 where it says that what is struck next are drums, whose pitches are none. Nothing of the kind unless given. */
  readonly drums?: Uint8Array;
  /** 1 where music may end after it: where it is the last of what belongs together. */
  readonly ends: Column;
}
