/** @file The work of a worker thread: one MIDI file's bytes become a description. */
import { readPerformance } from "../../midi/index.ts";
import { describePerformance, type PerformanceDescription } from "../../music/index.ts";
import type { Task } from "../../platform/platform.ts";
import { UserError } from "../../util/errors.ts";

export type Described =
  | { readonly kind: "read"; readonly music: PerformanceDescription; readonly warnings: number }
  | { readonly kind: "refused"; readonly why: string };

/** What is wrong with the file is an answer, not an exception. */
export default function describeMidi(bytes: Uint8Array): Described {
  try {
    const { performance, warnings } = readPerformance(bytes);
    return { kind: "read", music: describePerformance(performance), warnings: warnings.length };
  } catch (error) {
    if (error instanceof UserError) return { kind: "refused", why: error.message };
    throw error;
  }
}

export const describeTask: Task<Uint8Array, Described> = { url: import.meta.url, run: describeMidi };
