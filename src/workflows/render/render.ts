/** @file `render`: a file of music becomes sound, played on the sampled piano that comes with the package. */
import { programName } from "../../music/index.ts";
import type { Performance } from "../../music/performance.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { formatOf, knownEndings, readMusicFile } from "../files/index.ts";
import { checkPicture, drawPicture } from "../inspect/picture.ts";
import { adjust } from "./adjust.ts";
import { type RenderInput, type RenderSettings, renderSchema } from "./options.ts";
import { makeSound, pianoFor } from "./sound.ts";

export interface Rendered {
  readonly input: string;
  /** Names of what was written. */
  readonly wav: string | null;
  readonly mp3: string | null;
  readonly plot: string | null;
  /** Notes that are heard: all but drums. */
  readonly notes: number;
  /** Seconds of sound, with what rings on after the last note. */
  readonly seconds: number;
  readonly sampleRate: number;
  /** Decibels below full scale. */
  readonly peak: number;
  /** Decibels by which the limiter turned down the loudest place; 0 where it had nothing to do. */
  readonly limited: number;
  /** Milliseconds from reading to writing. */
  readonly milliseconds: number;
  readonly warnings: readonly string[];
}

/**
 * Reads one file and writes its sound; each output takes its name when it is whole.
 *
 * @throws UsageError for names that say no format; AudioError where there is nothing to play; StorageError where the
 *   piano is not installed; and what reading and writing throw.
 */
export async function render(platform: Platform, input: RenderInput): Promise<Rendered> {
  const options = renderSchema.parse(input);
  const outputs = checkNames(options);
  const began = platform.now();
  const music = await readMusicFile(platform.store, options.input);
  const { performance, remarks } = adjust(music.performance, options);
  const piano = await pianoFor(platform, performance);
  const wanted = { wav: outputs.wav !== null, mp3: outputs.mp3 !== null };
  const sound = await makeSound({ performance, piano, options, ...wanted }, (done, total) =>
    platform.report({ stage: "play", done, total, unit: "notes" }),
  );
  if (outputs.wav !== null && sound.wav) await platform.store.write(outputs.wav, sound.wav);
  if (outputs.mp3 !== null && sound.mp3) await platform.store.write(outputs.mp3, sound.mp3);
  if (options.plot !== undefined)
    await drawPicture(platform, options.plot, performance, { title: music.title });
  const drums = drumNotes(performance);
  return {
    input: options.input,
    ...outputs,
    plot: options.plot ?? null,
    notes: performance.notes.count - drums,
    seconds: sound.seconds,
    sampleRate: options.sampleRate,
    peak: sound.peak,
    limited: sound.limited,
    milliseconds: platform.now() - began,
    warnings: [...music.warnings, ...remarks, ...substitutions(performance)],
  };
}

/** What to write. Names are checked before anything is read. */
function checkNames({ input, wav, mp3, plot }: RenderSettings): Pick<Rendered, "wav" | "mp3"> {
  if (formatOf(input) === undefined) {
    throw new UsageError(
      `found ${input}, whose name says no format of music, expected one of ${knownEndings({ writable: false })}`,
    );
  }
  if (wav !== undefined) checkEnding("--wav", wav, ".wav");
  if (mp3 !== undefined) checkEnding("--mp3", mp3, ".mp3");
  if (plot !== undefined) checkPicture(plot);
  const beside = `${input.replace(/(\.(midi?|kar|rmi|json|txt|gz))+$/i, "")}.wav`;
  return { wav: wav ?? (mp3 === undefined ? beside : null), mp3: mp3 ?? null };
}

function checkEnding(flag: string, path: string, ending: string): void {
  if (path.toLowerCase().endsWith(ending)) return;
  throw new UsageError(`found ${flag} ${path}, expected a name that ends in ${ending}`);
}

function drumNotes({ notes, instruments }: Performance): number {
  let count = 0;
  for (let i = 0; i < notes.count; i++) if (instruments[notes.instrument[i]].isDrum) count++;
  return count;
}

/** General MIDI's acoustic, bright, electric grand and honky-tonk pianos. */
const isPiano = (program: number) => program <= 3;

/** One sentence for what another instrument would have played, and for drums. */
function substitutions({ notes, instruments }: Performance): readonly string[] {
  const others = new Set<string>();
  let drums = 0;
  for (let i = 0; i < notes.count; i++) {
    const { isDrum, program } = instruments[notes.instrument[i]];
    if (isDrum) drums++;
    else if (!isPiano(program)) others.add(programName(program));
  }
  const parts = [
    ...(others.size > 0 ? [`${[...others].join(", ")}: played on the piano`] : []),
    ...(drums > 0 ? [`drums (${drums.toLocaleString("en")} notes): left out`] : []),
  ];
  return parts.length === 0 ? [] : [`only a piano comes with this package; ${parts.join("; ")}`];
}
