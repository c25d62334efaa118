/** @file `--play`: tracks of a name are played by another program than their file says. */
import type { PieceRequest } from "../../corpus/piece.ts";
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import type { TakenFile } from "./plan.ts";

type Programs = NonNullable<PieceRequest["programs"]>;

/**
 * "MELODY=73", "KIT=drums".
 *
 * @throws UsageError for a program that General MIDI does not have
 */
export function readPrograms(play: readonly string[]): Programs {
  return Object.fromEntries(
    play.map((text) => {
      const at = text.lastIndexOf("=");
      const [name, written] = [text.slice(0, at), text.slice(at + 1)];
      if (written === "drums") return [name, { program: 0, isDrum: true }];
      const program = Number(written);
      if (program <= 127) return [name, { program, isDrum: false }];
      throw new UsageError(
        `found --play ${text}, expected a program from 0 to 127, or drums: give one that General MIDI has`,
      );
    }),
  );
}

/** @throws UsageError for a name that no track has: it would change nothing */
export function expectPlayed(programs: Programs, taken: readonly TakenFile[]): void {
  const names = new Set(taken.flatMap(({ entry }) => entry.facts.instruments.map(({ name }) => name)));
  const absent = Object.keys(programs).find((name) => !names.has(name));
  if (absent === undefined) return;
  throw new UsageError(
    `found --play ${absent}=… and no track of that name, expected one of those in the files${suggestion(absent, [...names])}`,
  );
}
