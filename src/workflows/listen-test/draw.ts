/** @file Which excerpts are heard in each meeting: pieces in turn, from random moments. */
import { type Performance, stretchOf } from "../../music/index.ts";
import { createRandom, type Random, shuffled } from "../../util/random.ts";
import { type ListenedSystem, namesakes, type Piece } from "./music.ts";
import { type Meeting, meetingsOf } from "./plan.ts";

export interface Excerpt {
  /** Letters and digits that tell nothing: the name of its sound. */
  readonly id: string;
  readonly system: string;
  readonly file: string;
  /** Seconds from the beginning of the file. */
  readonly from: number;
  readonly music: Performance;
}

export interface Trial {
  readonly id: string;
  readonly a: Excerpt;
  readonly b: Excerpt;
  /** As in `Meeting`: the page tosses each coin once for each listener. */
  readonly coin: number;
}

export interface Drawn {
  /** In an order that tells nothing. */
  readonly trials: readonly Trial[];
  /** Which systems meet piece by piece, a sentence each. */
  readonly remarks: readonly string[];
}

export interface DrawOptions {
  readonly pairs: number;
  readonly seconds: number;
  readonly seed: number;
}

export function drawTrials(systems: readonly ListenedSystem[], { pairs, seconds, seed }: DrawOptions): Drawn {
  const random = createRandom(seed).fork("listen-test");
  const nextId = idsFrom(random.fork("ids"));
  const remarks: string[] = [];
  const meetings = meetingsOf(systems.length, pairs);
  if (meetings.length > pairs) {
    remarks.push(
      `${meetings.length} pairs are heard and not ${pairs}, so that all systems meet equally often`,
    );
  }
  const alone = systems.map(({ pieces }, i) => inTurn(pieces, random.fork(`pieces ${i}`)));
  const together = new Map<string, () => readonly [Piece, Piece]>();
  for (const [match, first, second] of matchesOf(systems)) {
    const same = namesakes(first, second);
    // A name or two in common are chance; most of them are primers that both continued.
    if (2 * same.length < Math.min(first.pieces.length, second.pieces.length)) continue;
    together.set(match, inTurn(same, random.fork(`namesakes ${match}`)));
    remarks.push(
      `${first.name} and ${second.name} meet in the ${same.length === 1 ? "file" : `${same.length.toLocaleString("en")} files`} whose name both have, from the same moment on`,
    );
  }

  const excerpt = (system: number, { file, performance }: Piece, moment: number): Excerpt => {
    const note = onsetNear(performance, moment, seconds);
    return {
      id: nextId(),
      system: systems[system].name,
      file,
      from: performance.notes.start[note],
      music: stretchOf(performance, note, seconds),
    };
  };
  const moments = random.fork("moments");
  const trials = meetings.map(({ a, b, coin }: Meeting): Trial => {
    const same = together.get(matchName(a, b))?.();
    if (same === undefined) {
      const [first, second] = [alone[a](), alone[b]()];
      const drawn = [first, second].map(({ performance }) => moments.next() * roomOf(performance, seconds));
      return { id: nextId(), a: excerpt(a, first, drawn[0]), b: excerpt(b, second, drawn[1]), coin };
    }
    const room = Math.min(...same.map(({ performance }) => roomOf(performance, seconds)));
    const moment = moments.next() * room;
    const [first, second] = a < b ? same : [same[1], same[0]];
    return { id: nextId(), a: excerpt(a, first, moment), b: excerpt(b, second, moment), coin };
  });
  return { trials: shuffled(trials, random.fork("order")), remarks };
}

const matchName = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** Every two systems, once. */
const matchesOf = (systems: readonly ListenedSystem[]) =>
  systems.flatMap((first, a) =>
    systems.slice(a + 1).map((second, i) => [matchName(a, a + 1 + i), first, second] as const),
  );

/** Each once, in a random order, before any comes again. */
function inTurn<Item>(items: readonly Item[], random: Random): () => Item {
  let waiting: Item[] = [];
  return () => {
    if (waiting.length === 0) waiting = shuffled(items, random);
    const [item, ...rest] = waiting;
    waiting = rest;
    return item;
  };
}

/** Seconds after the first onset by which an excerpt must begin, to be as long as it should: 0 for short pieces. */
function roomOf({ notes }: Performance, seconds: number): number {
  let end = 0;
  for (let i = 0; i < notes.count; i++) end = Math.max(end, notes.end[i]);
  return Math.max(0, end - notes.start[0] - seconds);
}

/** The first note struck at that moment or after it, or the last before from which there is room. */
function onsetNear(performance: Performance, moment: number, seconds: number): number {
  const { notes } = performance;
  const latest = roomOf(performance, seconds);
  let note = 0;
  for (let i = 0; i < notes.count; i++) {
    const at = notes.start[i] - notes.start[0];
    if (at > latest) break;
    // Of a chord the first note: the rest of it would be heard alone.
    if (i > 0 && notes.start[i] === notes.start[i - 1]) continue;
    note = i;
    if (at >= moment) break;
  }
  return note;
}

/** No vowels and nothing that looks like something else: neither words nor mistakes. */
const alphabet = "bcdfghjkmnpqrstvwxz23456789";
const idLength = 8;

function idsFrom(random: Random): () => string {
  const used = new Set<string>();
  return () => {
    for (;;) {
      const id = Array.from({ length: idLength }, () => alphabet[random.integer(alphabet.length)]).join("");
      if (used.has(id)) continue;
      used.add(id);
      return id;
    }
  };
}
