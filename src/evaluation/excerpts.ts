/** @file Where excerpts are taken: so many notes that follow on one another, from random places that do not overlap. */
import { excerptOf, type Performance } from "../music/index.ts";
import { invariant } from "../util/errors.ts";
import { type Random, shuffled } from "../util/random.ts";

export interface Place {
  /** Index of the piece. */
  readonly piece: number;
  /** Index of the excerpt's first note, in the order of onsets. */
  readonly from: number;
}

/**
 * As many places as there is room for. Each piece is cut into excerpts from a random note on, so that what does not fill an
 * excerpt is lost at either end.
 *
 * @param noteCounts of each piece
 * @returns in random order: the first so many of them are a random choice, long pieces as often as they are long
 */
export function placesIn(noteCounts: readonly number[], notes: number, random: Random): readonly Place[] {
  invariant(notes >= 1, "an excerpt has notes");
  const places = noteCounts.flatMap((count, piece) => {
    const fits = Math.floor(count / notes);
    const first = random.fork(`piece ${piece}`).integer(count - fits * notes + 1);
    return Array.from({ length: fits }, (_, i) => ({ piece, from: first + i * notes }));
  });
  return shuffled(places, random.fork("order"));
}

/** An excerpt, and where it is from. */
export interface Drawn extends Place {
  readonly excerpt: Performance;
}

/** So many excerpts at most, in random order. */
export function drawExcerpts(
  pieces: readonly Performance[],
  { excerpts, notes }: { readonly excerpts: number; readonly notes: number },
  random: Random,
): readonly Drawn[] {
  const places = placesIn(
    pieces.map((piece) => piece.notes.count),
    notes,
    random,
  );
  return places
    .slice(0, excerpts)
    .map(({ piece, from }) => ({ piece, from, excerpt: excerptOf(pieces[piece], from, notes) }));
}
