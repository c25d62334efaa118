/**
 * @file A validation split for a corpus that has none: the last part of each training piece, by time, is kept from training.
 * It is music of the same pieces, so it tells less than other compositions would; for one piece there is nothing else.
 */
import { type Performance, performanceOf } from "../music/performance.ts";
import type { Corpus } from "./corpus.ts";
import { encodePiece } from "./encode.ts";
import type { CorpusPiece } from "./format.ts";
import { splitPerformance } from "./segment.ts";

/** Share of each piece that validates. */
export const tailShare = 0.1;

/** By time; or before the last tenth of the notes, where what comes after that time only rings on. */
function cutOf({ notes, duration }: Performance): number {
  const cut = duration * (1 - tailShare);
  const last = notes.start[notes.count - 1] ?? 0;
  return last >= cut ? cut : notes.start[Math.floor(notes.count * (1 - tailShare))];
}

/**
 * The same corpus, its training pieces parted in two. Notes belong where they begin, and those that sound over the cut end
 * there. Everything is read once, to know how long the parts are: it is meant for small corpora.
 */
export async function withTailValidation(corpus: Corpus): Promise<Corpus> {
  const { index, representation } = corpus;
  const { segmentSeconds } = index;
  const parts = new Map<CorpusPiece, Awaited<ReturnType<Corpus["performance"]>>>();
  for (const piece of index.pieces.filter(({ split }) => split === "train")) {
    const heard = representation.normalise(await corpus.performance(piece));
    const cut = cutOf(heard);
    const [head, tail] = splitPerformance(heard, cut);
    if (head === undefined) continue;
    const add = (part: typeof head, split: "train" | "validation") => {
      const whole = performanceOf(part.notes, part.pedals, part.instruments, part.duration);
      const tokens = encodePiece(whole, representation, segmentSeconds ?? undefined);
      const steps = tokens.map((each) => each.length / index.fields.length);
      const length = steps.reduce((sum, each) => sum + each, 0);
      const { segments: _, ...rest } = piece;
      const made = { ...rest, split, length, seconds: whole.duration, notes: whole.notes.count };
      parts.set(segmentSeconds === null ? made : { ...made, segments: steps }, whole);
    };
    add(head, "train");
    if (tail !== undefined) add(tail, "validation");
  }
  const pieces = [...parts.keys()];
  const totalsOf = (split: "train" | "validation") => {
    const own = pieces.filter((piece) => piece.split === split);
    const sum = (of: (piece: CorpusPiece) => number) => own.reduce((total, piece) => total + of(piece), 0);
    const steps = sum(({ length }) => length);
    return {
      pieces: own.length,
      notes: sum(({ notes }) => notes),
      seconds: sum(({ seconds }) => seconds),
      steps,
      tokens: steps * index.fields.length,
    };
  };
  const performanceOfPart = (piece: CorpusPiece) => {
    const part = parts.get(piece);
    if (part === undefined) throw new Error("invariant: a piece is asked of the corpus that it is from");
    return part;
  };
  return {
    ...corpus,
    index: {
      ...index,
      pieces,
      totals: { train: totalsOf("train"), validation: totalsOf("validation") },
    },
    tokens: async (piece) =>
      encodePiece(performanceOfPart(piece), representation, segmentSeconds ?? undefined),
    performance: async (piece) => performanceOfPart(piece),
  };
}
