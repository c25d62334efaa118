/** @file What can be wrong with a MIDI file: a refusal (one error) or a list of warnings. */
import { UserError } from "../util/errors.ts";

/** The bytes cannot be read as a Standard MIDI File. `offset` counts bytes from the start of the file. */
export class MidiError extends UserError {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;

  constructor(offset: number, found: string, expected: string) {
    super(`MIDI, byte ${offset}: found ${found}, expected ${expected}`);
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }
}

export type MidiWarningKind =
  | "alien-chunk"
  | "bad-data-byte"
  | "bad-gzip"
  | "bad-header"
  | "bad-number"
  | "bad-signature"
  | "bad-tempo"
  | "bytes-after-end"
  | "garbage"
  | "missing-end-of-track"
  | "no-status"
  | "orphan-note-off"
  | "overlapping-note"
  | "running-status-across"
  | "stuck-note"
  | "system-message"
  | "too-many-instruments"
  | "track-count"
  | "truncated"
  | "wrapped"
  | "wrong-length";

export interface MidiWarning {
  readonly kind: MidiWarningKind;
  /** Bytes from the start of the file, after unwrapping; -1 where the event did not come from bytes. */
  readonly offset: number;
  readonly found: string;
  readonly done: string;
}

export interface WarningMark {
  readonly kept: number;
  readonly counts: ReadonlyMap<MidiWarningKind, number>;
}

/** How many warnings of one kind are kept word for word; the rest are counted. */
const keptPerKind = 100;

/** Collects warnings; a hostile file may cause millions, so that only some of each kind are kept. */
export class WarningList {
  readonly #kept: MidiWarning[] = [];
  #counts = new Map<MidiWarningKind, number>();

  add(kind: MidiWarningKind, offset: number, found: string, done: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= keptPerKind) this.#kept.push({ kind, offset, found, done });
  }

  /** True while a further warning of this kind would be kept: its text is worth making. */
  wants(kind: MidiWarningKind): boolean {
    if ((this.#counts.get(kind) ?? 0) < keptPerKind) return true;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    return false;
  }

  /** What stands in the list now, for `rewind`. */
  mark(): WarningMark {
    return { kept: this.#kept.length, counts: new Map(this.#counts) };
  }

  /** Forgets what was added since the mark: that reading was given up for another. */
  rewind(mark: WarningMark): void {
    this.#kept.length = mark.kept;
    this.#counts = new Map(mark.counts);
  }

  toArray(): readonly MidiWarning[] {
    const extra = [...this.#counts]
      .filter(([, count]) => count > keptPerKind)
      .map(([kind, count]) => ({
        kind,
        offset: -1,
        found: `${count - keptPerKind} more of this kind`,
        done: "treated alike",
      }));
    return [...this.#kept, ...extra];
  }
}

/** A warning as a line for people. */
export function formatWarning({ kind, offset, found, done }: MidiWarning): string {
  return `${offset < 0 ? "" : `byte ${offset}: `}${found}; ${done} (${kind})`;
}
