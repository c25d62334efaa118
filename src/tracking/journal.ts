/** @file Bytes on their way to the end of a file: gathered in memory, appended when asked, and never twice. */
import { concatenate } from "../util/bytes.ts";
import type { TrackingStore } from "./store.ts";

export interface Journal {
  add(bytes: Uint8Array): void;
  /** Appends what was added before the call. What could not be written stays, for the next time. */
  flush(): Promise<void>;
}

export function openJournal(store: TrackingStore, path: string): Journal {
  let waiting: Uint8Array[] = [];
  let last: Promise<void> = Promise.resolve();
  async function write(): Promise<void> {
    const chunks = waiting;
    if (chunks.length === 0) return;
    waiting = [];
    try {
      await store.append(path, concatenate(chunks));
    } catch (error) {
      waiting = [...chunks, ...waiting];
      throw error;
    }
  }
  return {
    add(bytes) {
      waiting.push(bytes);
    },
    flush() {
      // One after the other, whether or not the one before went well: its caller was told.
      last = last.then(write, write);
      return last;
    },
  };
}
