/** @file The work of a worker thread: a performance becomes sound files, beside whatever else goes on. */
import type { Task } from "../../platform/platform.ts";
import { UserError } from "../../util/errors.ts";
import { makeSound, type Sound, type SoundRequest } from "./sound.ts";

export type SoundAnswer =
  | { readonly kind: "rendered"; readonly sound: Sound }
  | { readonly kind: "refused"; readonly why: string };

/** What cannot be played is an answer, not an exception, for these lose their class between threads. */
export default async function renderSound(request: SoundRequest): Promise<SoundAnswer> {
  try {
    return { kind: "rendered", sound: await makeSound(request) };
  } catch (error) {
    if (error instanceof UserError) return { kind: "refused", why: error.message };
    throw error;
  }
}

export const soundTask: Task<SoundRequest, Promise<SoundAnswer>> = { url: import.meta.url, run: renderSound };
