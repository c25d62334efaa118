/** @file What is listened to: the first excerpts of each system and of real music, and their sound. */
import { AudioError, encodeMp3, renderPerformance } from "../../../audio/index.ts";
import type { Corpus } from "../../../corpus/index.ts";
import { createPerformance, excerptOf, notesOf, type Performance, pedalsOf } from "../../../music/index.ts";
import type { Platform } from "../../../platform/platform.ts";
import { pianoFor } from "../../render/index.ts";

/** Of each system. */
export const mostExcerpts = 3;
export const longestSeconds = 30;
/** What rings on after the last note is heard for so long. */
const ringSeconds = 1.5;
const fadeSeconds = 0.5;
/** A piano has little above half of this, and MP3s of few bits leave that out. */
const sampleRate = 22_050;

export interface Excerpt {
  readonly title: string;
  readonly performance: Performance;
}

/** The first excerpts of the validation split, each of another piece. */
export async function realExcerpts(corpus: Corpus, notes: number): Promise<readonly Excerpt[]> {
  const chosen: Excerpt[] = [];
  for (const piece of corpus.index.pieces) {
    if (chosen.length === mostExcerpts) break;
    if (piece.split !== "validation") continue;
    const segments = await corpus.tokens(piece);
    const long = segments
      .map((tokens) => corpus.representation.decode(tokens))
      .find((segment) => segment.notes.count >= notes);
    if (long === undefined) continue;
    const title = [piece.composer, piece.title].filter((text) => text !== "").join(": ");
    chosen.push({ title: title === "" ? piece.source : title, performance: excerptOf(long, 0, notes) });
  }
  return chosen;
}

/** As much as is shown and heard: notes that go on are cut, as if hands were lifted. */
export function beginningOf(performance: Performance): Performance {
  if (performance.duration <= longestSeconds) return performance;
  return createPerformance({
    instruments: performance.instruments,
    notes: Array.from(notesOf(performance)).flatMap((note) =>
      note.start < longestSeconds ? [{ ...note, end: Math.min(note.end, longestSeconds) }] : [],
    ),
    pedals: Array.from(pedalsOf(performance)).filter(({ time }) => time < longestSeconds),
  });
}

/**
 * A small MP3 of an excerpt, or why there is none: drums alone cannot be played on a piano.
 *
 * @throws StorageError where the sampled piano is not installed
 */
export async function soundOf(
  platform: Platform,
  performance: Performance,
): Promise<{ readonly mp3: Uint8Array } | { readonly silent: string }> {
  try {
    const piano = await pianoFor(platform, performance);
    const { channels, ...audio } = await renderPerformance(performance, piano, { sampleRate });
    const frames = Math.round((performance.duration + ringSeconds) * sampleRate);
    const [left, right] = channels.map((channel) => faded(channel.slice(0, frames)));
    return { mp3: await encodeMp3({ ...audio, channels: [left, right] }, { small: true }) };
  } catch (error) {
    if (error instanceof AudioError) return { silent: error.message };
    throw error;
  }
}

function faded(channel: Float32Array): Float32Array {
  const frames = Math.min(channel.length, Math.round(fadeSeconds * sampleRate));
  for (let i = 1; i <= frames; i++) channel[channel.length - i] *= i / frames;
  return channel;
}
