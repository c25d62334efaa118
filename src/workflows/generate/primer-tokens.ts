/** @file A primer as the model hears it: encoded as in training, and as much of it as was asked for. */
import { type Idiom, type Length, Meter, stepsPerSecond } from "../../generation/index.ts";
import type { Performance } from "../../music/index.ts";
import { UsageError } from "../../util/errors.ts";
import type { MusicOptions } from "./music-options.ts";

/**
 * @param notice is told where the primer was cut
 * @returns no tokens where there is no primer
 * @throws UsageError for a primer without notes, or one that leaves no room; RepresentationError where it cannot be encoded
 */
export function primerTokens(
  idiom: Idiom,
  music: Pick<MusicOptions, "additional" | "primerInOutput" | "primerNotes" | "primerSeconds">,
  length: Length,
  primer: Performance | undefined,
  notice: (sentence: string) => void,
): Int32Array {
  const { primerNotes, primerSeconds } = music;
  if (primer === undefined) {
    if (primerNotes === undefined && primerSeconds === undefined) return new Int32Array(0);
    throw new UsageError(
      "found a length of the primer and no primer, expected both: give a primer, or leave out its length",
    );
  }
  if (primerNotes !== undefined && primerSeconds !== undefined) {
    throw new UsageError(
      "found a primer's length in notes and in seconds, expected one of them: leave out the other",
    );
  }
  if (primer.notes.count === 0) {
    throw new UsageError("found a primer without notes, expected music to go on from: give another one");
  }
  const whole = idiom.encode(primer);
  const asked: Length | undefined =
    primerNotes !== undefined
      ? { unit: "notes", amount: primerNotes }
      : primerSeconds !== undefined
        ? { unit: "seconds", amount: primerSeconds }
        : undefined;
  const tokens = asked ? idiom.firstPart(whole, asked) : whole;
  return music.additional || !music.primerInOutput ? tokens : withRoom(tokens, length, idiom, notice);
}

/** A primer that fills the whole piece is cut to its last part: half of the piece. */
function withRoom(
  tokens: Int32Array,
  length: Length,
  idiom: Idiom,
  notice: (sentence: string) => void,
): Int32Array {
  const { unit, amount } = length;
  const inUnit = (of: Int32Array) =>
    new Meter(idiom.table, of).of(unit) / (unit === "seconds" ? stepsPerSecond : 1);
  const found = inUnit(tokens);
  if (found < amount) return tokens;
  const half = unit === "seconds" ? amount / 2 : Math.floor(amount / 2);
  const part = idiom.lastPart(tokens, { unit, amount: half });
  if (part.length === 0) {
    throw new UsageError(
      `found a primer of ${written(found, unit)} for a piece of ${written(amount, unit)}, and no note in its last part to go on from: ask for a longer piece, or for additional ${unit}`,
    );
  }
  notice(
    `the primer of ${written(found, unit)} fills the ${written(amount, unit)} asked for: only its last ${written(inUnit(part), unit)} are kept (--additional keeps all of it)`,
  );
  return part;
}

function written(amount: number, unit: Length["unit"]): string {
  return `${unit === "seconds" ? Number(amount.toFixed(2)) : amount} ${unit}`;
}
