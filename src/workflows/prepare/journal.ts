/**
 * @file The journal of a run: what is finished, file by file, in a folder beside the corpus to be. A run that was
 * interrupted goes on from there.
 */
import { CorpusError } from "../../corpus/error.ts";
import type { PieceFacts } from "../../corpus/piece.ts";
import type { Store } from "../../platform/platform.ts";
import { type Entry, parseEntry, type RefusedEntry, type TakenEntry, takenEntry } from "./entry.ts";

export const journalFile = "journal.jsonl";

/** A file that became a piece, with its bytes. */
export type NewPiece = Pick<TakenEntry, "path" | "stamp" | "hash"> & {
  readonly facts: PieceFacts;
  readonly fields: readonly Uint8Array[];
  readonly columns: Uint8Array;
};

export interface Journal {
  /** What an interrupted run had finished, by path. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Writes a piece down; resolves when it is safe from an interruption. */
  addPiece(piece: NewPiece): Promise<TakenEntry>;
  addRefusal(entry: RefusedEntry): Promise<RefusedEntry>;
  /** @throws CorpusError where another run has written into the same journal. */
  verify(): Promise<void>;
}

/** Entries that are written together. */
interface Group {
  readonly parts: Uint8Array[];
  readonly lines: string[];
  readonly written: Promise<void>;
}

const encoder = new TextEncoder();

/** Opens the journal in a folder; one with other settings is begun anew. */
export async function openJournal(store: Store, folder: string, settings: string): Promise<Journal> {
  const lines = `${folder}/${journalFile}`;
  const blob = `${folder}/pieces.bin`;
  const text = (await store.stat(lines)) ? new TextDecoder().decode(await store.read(lines)) : "";
  const [header, ...rest] = text.split("\n");
  const goesOn = header === settings;
  if (!goesOn) await store.remove(folder);
  let size = goesOn ? ((await store.stat(blob))?.size ?? 0) : 0;
  const entries = new Map<string, Entry>();
  for (const line of goesOn ? rest : []) {
    // The last line of a killed run may be cut off, and so may its piece: that file is read again.
    const entry = parseEntry(line);
    if (entry && endOf(entry) <= size) entries.set(entry.path, entry);
  }
  // A line of its own for what follows, in case the last one was cut off.
  await store.append(lines, encoder.encode(goesOn ? "\n" : `${settings}\n`));

  // Offsets depend on what was appended before: so one after the other, and what comes meanwhile goes together.
  let last: Promise<void> = Promise.resolve();
  let gathering: Group | undefined;
  const gather = (): Group => {
    const group: Group = { parts: [], lines: [], written: last.then(() => write(group)) };
    last = group.written;
    return group;
  };
  const join = byteJoiner();
  const write = async (group: Group) => {
    gathering = undefined;
    if (group.parts.length > 0) await store.append(blob, join(group.parts));
    await store.append(lines, encoder.encode(group.lines.join("")));
  };
  const add = async <Kind extends Entry>(entry: Kind, parts: readonly Uint8Array[]): Promise<Kind> => {
    gathering ??= gather();
    gathering.parts.push(...parts);
    gathering.lines.push(`${JSON.stringify(entry)}\n`);
    await gathering.written;
    return entry;
  };
  return {
    entries,
    addPiece({ fields, columns, path, stamp, hash, facts }) {
      const parts = [...fields, columns];
      const ranges = parts.map(({ length }) => {
        const range = { file: blob, offset: size, length };
        size += length;
        return range;
      });
      const [tokens, place] = [ranges.slice(0, -1), ranges[fields.length]];
      return add(takenEntry({ path, stamp, hash, facts, tokens, columns: place }), parts);
    },
    addRefusal: (entry) => add(entry, []),
    async verify() {
      await last;
      if (((await store.stat(blob))?.size ?? 0) === size) return;
      throw new CorpusError(
        `found that another run writes into ${folder} at the same time, expected none: wait for its end, remove that folder, and run again`,
      );
    },
  };
}

/** Where the bytes of an entry end in the blob. */
function endOf(entry: Entry): number {
  return entry.kind === "taken" ? entry.columns.offset + entry.columns.length : 0;
}

/** Joins bytes in memory that the next call uses again: a corpus goes through here, and would burden the collector. */
function byteJoiner(): (parts: readonly Uint8Array[]) => Uint8Array {
  let held = new Uint8Array(2 ** 20);
  return (parts) => {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    if (size > held.length) held = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      held.set(part, at);
      at += part.length;
    }
    return held.subarray(0, size);
  };
}
