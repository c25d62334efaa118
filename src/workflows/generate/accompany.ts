/** @file `--accompany`: music that is given and kept as it is, to which others are added. */
import { type Accompaniment, type AccompanistOptions, accompany } from "../../generation/index.ts";
import { joinedBy, type Performance, partOf, programName } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Ensemble, Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import { readMusicFile } from "../files/index.ts";
import type { GenerateOptions } from "./options.ts";

/** What is accompanied, and by whom. */
export interface Accompanied {
  /** As it was given. */
  readonly given: Performance;
  /** The same as the model hears it: one player alone is heard as the one who leads. */
  readonly heard: Performance;
  /** By program, drums last, 1 for those who may join. */
  readonly players: Uint8Array;
}

/** Notes that were added, player by player. */
export interface Addition {
  readonly player: string;
  readonly notes: number;
}

/** Options that say what the given music says already, or that there is something else to go on from. */
const others = [
  "primer",
  "primerPitches",
  "seedNotes",
  "primerMelody",
  "like",
  "primerNotes",
  "primerSeconds",
  "seconds",
  "events",
  "notes",
] as const;

/** @throws UsageError for what cannot be accompanied by this model, and options that do not go together */
export async function readAccompanied(
  { store }: Pick<Platform, "store">,
  options: GenerateOptions,
  { name, ensemble }: Representation,
): Promise<Accompanied | undefined> {
  const { accompany: path, accompanyTrack, programs, grammar, additional } = options;
  if (path === undefined) {
    if (accompanyTrack === undefined && programs === undefined) return undefined;
    throw new UsageError(
      `found ${accompanyTrack === undefined ? "--programs" : "--accompany-track"} and nothing to accompany, expected --accompany with a file of music: give one, or leave it out`,
    );
  }
  if (ensemble === undefined) {
    throw new UsageError(
      `found a model of \`${name}\`, which plays one instrument, for --accompany, expected one that plays several: give a model of \`multitrack\``,
    );
  }
  const clash = others.find((key) => options[key] !== undefined) ?? (additional ? "additional" : undefined);
  if (clash !== undefined || !grammar) {
    const flag = clash?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) ?? "no-grammar";
    throw new UsageError(
      `found --${flag} beside --accompany, expected neither a primer nor a length nor notes out of order: the music that is given decides; leave --${flag} out`,
    );
  }
  const { performance } = await readMusicFile(store, path);
  const given = accompanyTrack === undefined ? performance : trackOf(performance, accompanyTrack, path);
  if (given.notes.count === 0) {
    throw new UsageError(`found no notes in ${path}, expected music to accompany: give another file`);
  }
  return accompanied(given, ensemble, programs);
}

/**
 * @param programs who may join, as in "33,drums"; anybody whom the given music is not heard as, unless given
 * @throws UsageError for programs that are none, and for those who are heard in what is given
 */
export function accompanied(given: Performance, ensemble: Ensemble, programs?: string): Accompanied {
  const own = new Set(playing(given, ensemble));
  const [only] = own;
  const leads = own.size === 1 && only !== ensemble.drums;
  const instruments = given.instruments.map((each) => ({
    ...each,
    ...(leads && { program: ensemble.lead, isDrum: false }),
  }));
  const heard = { ...given, instruments };
  const heardAs = new Set(playing(heard, ensemble));
  const wanted = programs === undefined ? undefined : readPrograms(programs, ensemble);
  const taken = wanted?.find((program) => heardAs.has(program));
  if (taken !== undefined) {
    throw new UsageError(
      `found ${nameOf(taken, ensemble)} among --programs, which the given music is heard as, expected others: leave it out`,
    );
  }
  const players = new Uint8Array(ensemble.drums + 1);
  for (let program = 0; program <= ensemble.drums; program++) {
    players[program] = (wanted?.includes(program) ?? !heardAs.has(program)) ? 1 : 0;
  }
  return { given, heard, players };
}

export function accompanimentOf(
  representation: Representation,
  ensemble: Ensemble,
  { heard, players }: Accompanied,
): Accompaniment {
  const options: AccompanistOptions = {
    representation,
    ensemble,
    given: representation.encode(heard),
    players,
  };
  return accompany(options);
}

/** What is given, and what of the played music is not: by who plays it. */
export function withAdded(
  { given, players }: Pick<Accompanied, "given" | "players">,
  played: Performance,
  ensemble: Ensemble,
): { readonly performance: Performance; readonly added: readonly Addition[] } {
  const programOf = (index: number) => playerOf(played, index, ensemble);
  const others = partOf(played, (index) => players[programOf(index)] === 1);
  const counts = new Map<number, number>();
  for (let i = 0; i < others.notes.count; i++) {
    const program = playerOf(others, others.notes.instrument[i], ensemble);
    counts.set(program, (counts.get(program) ?? 0) + 1);
  }
  const added = [...counts].sort(([a], [b]) => a - b);
  return {
    performance: joinedBy(given, others),
    added: added.map(([program, notes]) => ({ player: nameOf(program, ensemble), notes })),
  };
}

const playerOf = ({ instruments }: Performance, index: number, { drums }: Ensemble): number =>
  instruments[index].isDrum ? drums : instruments[index].program;

/** Programs that play a note. */
const playing = (performance: Performance, ensemble: Ensemble): readonly number[] =>
  Array.from(performance.notes.instrument, (index) => playerOf(performance, index, ensemble));

const nameOf = (program: number, { drums }: Ensemble) =>
  program === drums ? "Drums" : `${programName(program)} (${program})`;

function readPrograms(text: string, { drums }: Ensemble): readonly number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const programs = words.map((word) =>
    word.toLowerCase() === "drums" ? drums : /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN,
  );
  const fits = programs.every((program, i) => program < drums || words[i].toLowerCase() === "drums");
  if (programs.length > 0 && fits) return programs;
  throw new UsageError(
    `found --programs ${JSON.stringify(text)}, expected General MIDI programs from 0 to 127, or drums: "0,33,drums"`,
  );
}

/** The tracks of a name, or the n-th. */
function trackOf(performance: Performance, track: string, path: string): Performance {
  const { instruments } = performance;
  const names = instruments.map(({ name }) => name);
  const byName = instruments.flatMap(({ name }, i) =>
    name.toLowerCase() === track.toLowerCase() ? [i] : [],
  );
  const number = /^\d+$/.test(track) ? Number(track) : 0;
  const chosen = byName.length > 0 ? byName : number >= 1 && number <= names.length ? [number - 1] : [];
  if (chosen.length > 0) return partOf(performance, (index) => chosen.includes(index));
  const known = names.map((name, i) => `${i + 1} ${name || "without a name"}`).join(", ");
  throw new UsageError(
    `found no track ${JSON.stringify(track)} in ${path}, expected one of ${known}${suggestion(track, names)}`,
  );
}
