/** @file The contract of a file format: bytes to music, and music to bytes. */
import type { MidiFile } from "../../midi/index.ts";
import type { Performance } from "../../music/performance.ts";
import type { Representation } from "../../representations/index.ts";

/** What a file says. */
export interface ReadMusic {
  readonly performance: Performance;
  /** Empty where the file has none. */
  readonly title: string;
  /** What was mended on the way, a line each. */
  readonly warnings: readonly string[];
  /** The file as it stands, if it is a MIDI file. */
  readonly midi?: MidiFile;
  /** What the tokens are of, if it is tokens. */
  readonly representation?: Representation;
}

export interface WriteOptions {
  readonly title: string;
  /** Who made it, and of what. */
  readonly made: string;
  /** The tokens that the music was passed through, for the format that holds them. */
  readonly encoded: { readonly representation: Representation; readonly tokens: Int32Array } | undefined;
}

export interface FileFormat {
  readonly name: "midi" | "note-sequence" | "tokens";
  /** What people call it. */
  readonly label: string;
  /** Endings of names, in lower case. The first is written; those of `readOnly` are only read. */
  readonly endings: readonly string[];
  readonly readOnly: readonly string[];
  /** The representation that is used where none is asked for. */
  readonly representation: string | undefined;
  read(bytes: Uint8Array): ReadMusic;
  write(performance: Performance, options: WriteOptions): Uint8Array;
}
