/** @file `listenResults`: which systems people prefer, of what they answered on the page. */
import { type Estimate, preferenceOf } from "../../evaluation/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { invariant, UsageError } from "../../util/errors.ts";
import { createRandom } from "../../util/random.ts";
import { signTest } from "../../util/statistics.ts";
import { type AnswersFile, readAnswers } from "./answers.ts";
import { type Key, readKey } from "./key.ts";
import { type ListenResultsInput, listenResultsSchema } from "./options.ts";

export interface Preference {
  readonly answers: number;
  /** Who answered: a listener who stopped early may not have met these systems. */
  readonly listeners: number;
  readonly preferred: number;
  readonly ties: number;
  /** How often the other one was preferred. */
  readonly rejected: number;
  /** Of answers in favour, ties counted as half; 0.5 is no preference. */
  readonly share: Estimate;
}

export interface PairPreference extends Preference {
  readonly first: string;
  readonly second: string;
  /** Of the exact sign test, two-sided, without ties and as if all answers were of different listeners. */
  readonly p: number;
}

/** Of one system against all others. */
export interface SystemPreference extends Preference {
  readonly name: string;
}

export interface ListeningResults {
  readonly kit: string;
  readonly question: string;
  readonly listeners: number;
  readonly answers: number;
  readonly confidence: number;
  readonly seed: number;
  /** In favour of the first of each two; without those that nobody has heard. */
  readonly pairs: readonly PairPreference[];
  readonly systems: readonly SystemPreference[];
  /** How often A and B were chosen, whatever they were: far apart, the side decided. */
  readonly sides: { readonly a: number; readonly b: number; readonly none: number };
  readonly remarks: readonly string[];
}

/** Where listeners differ much, intervals of fewer hold noticeably less often than they say (bench/listening-intervals.ts). */
const enoughListeners = 8;
/** How often listeners are drawn again for an interval. */
const resamples = 5000;

/** What a listener chose: the systems that were heard, the first of the key first, and 1, 0 or 0.5 in favour of it. */
interface Choice {
  readonly first: string;
  readonly second: string;
  readonly score: number;
}

/**
 * @throws UsageError for files that are no answers or no key, or do not belong together; StorageError where the key is missing
 */
export async function listenResults(
  { store }: Pick<Platform, "store">,
  input: ListenResultsInput,
): Promise<ListeningResults> {
  const { answers, key: keyPath, confidence, seed } = listenResultsSchema.parse(input);
  if (answers.length === 0) {
    throw new UsageError(
      "found no answers, expected files that the page exported, or a folder of them: give at least one",
    );
  }
  const key = await readKey(store, keyPath);
  const { files, remarks } = await readAnswers(store, answers, { key, keyPath });
  const choices = files.map((file) => choicesOf(file, key));
  const names = key.systems.map(({ name }) => name);
  const preference = (name: string, scores: readonly (readonly number[])[]): Preference => ({
    ...countsOf(scores),
    share: preferenceOf(scores, {
      resamples,
      confidence,
      random: createRandom(seed).fork(`listen-test ${name}`),
    }),
  });

  const pairs = names.flatMap((first, i) =>
    names.slice(i + 1).flatMap((second): readonly PairPreference[] => {
      const scores = choices.map((own) =>
        own.filter((each) => each.first === first && each.second === second).map(({ score }) => score),
      );
      if (scores.flat().length === 0) return [];
      const found = preference(`${i} ${second}`, scores);
      return [{ first, second, ...found, p: signTest(found.preferred, found.rejected) }];
    }),
  );
  const systems = names.flatMap((name, i): readonly SystemPreference[] => {
    const scores = choices.map((own) =>
      own.flatMap(({ first, second, score }) =>
        first === name ? [score] : second === name ? [1 - score] : [],
      ),
    );
    return scores.flat().length === 0 ? [] : [{ name, ...preference(`${i}`, scores) }];
  });
  const chosen = files.flatMap((file) => file.answers.map(({ answer }) => answer));
  const countOf = (side: "a" | "b" | "none") => chosen.filter((each) => each === side).length;
  const listeners = files.filter((file) => file.answers.length > 0).length;
  return {
    kit: key.kit,
    question: key.question,
    listeners,
    answers: chosen.length,
    confidence,
    seed,
    pairs,
    systems,
    sides: { a: countOf("a"), b: countOf("b"), none: countOf("none") },
    remarks: [...remarks, ...remarksOn(files, key, listeners, pairs)],
  };
}

function choicesOf({ answers }: AnswersFile, key: Key): readonly Choice[] {
  const names = key.systems.map(({ name }) => name);
  const rankOf = new Map(key.excerpts.map(({ id, system }) => [id, names.indexOf(system)]));
  return answers.map(({ a, b, answer }) => {
    const [shownA, shownB] = [rankOf.get(a), rankOf.get(b)];
    invariant(shownA !== undefined && shownB !== undefined, "the key has every sound of its pairs");
    const scoreOfA = { a: 1, none: 0.5, b: 0 }[answer];
    return shownA < shownB
      ? { first: names[shownA], second: names[shownB], score: scoreOfA }
      : { first: names[shownB], second: names[shownA], score: 1 - scoreOfA };
  });
}

function countsOf(scores: readonly (readonly number[])[]): Omit<Preference, "share"> {
  const all = scores.flat();
  return {
    answers: all.length,
    listeners: scores.filter(({ length }) => length > 0).length,
    preferred: all.filter((score) => score === 1).length,
    ties: all.filter((score) => score === 0.5).length,
    rejected: all.filter((score) => score === 0).length,
  };
}

function remarksOn(
  files: readonly AnswersFile[],
  { trials }: Key,
  listeners: number,
  pairs: readonly PairPreference[],
): readonly string[] {
  const early = files.filter((file) => file.answers.length < trials.length);
  const alike = pairs.filter(({ share }) => share.low === share.high);
  return [
    ...(listeners === 1
      ? ["there is one listener: intervals draw answers alone, and say nothing about other people"]
      : listeners < enoughListeners
        ? [
            `there are ${listeners} listeners: where people differ much, the intervals of fewer than ${enoughListeners} are too narrow`,
          ]
        : []),
    ...early.map(
      ({ path, answers }) =>
        `${path} has ${answers.length} of ${trials.length} answers: the listener stopped early`,
    ),
    ...alike.map(
      ({ first, second }) =>
        `all answers to ${first} and ${second} are alike, so that drawing them again cannot make an interval: p says more`,
    ),
  ];
}
