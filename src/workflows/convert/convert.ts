/**
 * @file `convert`: music from one file format to another. Everything passes through a Performance, so that MIDI to
 * MIDI gives a clean file; and through tokens where a representation is named, so that one hears what it keeps.
 */
import type { Performance } from "../../music/performance.ts";
import type { Platform } from "../../platform/platform.ts";
import { openRepresentation, type Representation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import {
  type FileFormat,
  formatOf,
  gzipped,
  isWritable,
  knownEndings,
  type MusicFile,
  readMusicFile,
} from "../files/index.ts";
import { readSettings } from "../settings.ts";
import { type ConvertInput, type ConvertOptions, convertSchema } from "./options.ts";

export interface Converted {
  readonly input: string;
  readonly output: string;
  readonly from: FileFormat["name"];
  readonly to: FileFormat["name"];
  /** Of the file that was written. */
  readonly bytes: number;
  readonly notes: number;
  readonly seconds: number;
  /** What the music was passed through, if it was. */
  readonly tokens: {
    readonly representation: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly count: number;
    readonly notesBefore: number;
  } | null;
  readonly warnings: readonly string[];
}

/**
 * Reads, converts and writes one file; the output takes its name when it is whole.
 *
 * @throws UsageError for names that say no format; and what reading, encoding and writing throw.
 */
export async function convert(platform: Platform, input: ConvertInput): Promise<Converted> {
  const options = convertSchema.parse(input);
  const target = checkNames(options);
  const { representation: wanted } = options;
  const settings = readSettings(options.set);
  // Opened before the music is read, so that a misspelt name is told at once.
  const asked = wanted === undefined ? undefined : openRepresentation(wanted, settings);
  const music = await readMusicFile(platform.store, options.input);
  const representation = asked ?? ownRepresentation(music, target, settings);
  const passed = representation && pass(music.performance, representation);
  const performance = passed?.performance ?? music.performance;
  const name = options.input.slice(options.input.lastIndexOf("/") + 1);
  const bytes = target.write(performance, {
    title: music.title || name.replace(/(\.(midi?|kar|rmi|json|txt|gz))+$/i, ""),
    made: `Made by rubato convert from ${name}${passed ? `, through ${describe(passed.representation)}` : ""}`,
    encoded: passed,
  });
  const written = /\.gz$/i.test(options.output) ? gzipped(bytes) : bytes;
  await platform.store.write(options.output, written);
  return {
    input: options.input,
    output: options.output,
    from: music.format.name,
    to: target.name,
    bytes: written.length,
    notes: performance.notes.count,
    seconds: performance.duration,
    tokens: passed
      ? {
          representation: passed.representation.name,
          config: passed.representation.config,
          count: passed.tokens.length,
          notesBefore: music.performance.notes.count,
        }
      : null,
    warnings: music.warnings,
  };
}

/** The format to write. Names are checked before anything is read. */
function checkNames(options: ConvertOptions): FileFormat {
  const { input, output } = options;
  if (formatOf(input) === undefined) {
    throw new UsageError(
      `found ${input}, whose name says no format of music, expected one of ${knownEndings({ writable: false })}`,
    );
  }
  const target = formatOf(output);
  if (target === undefined || !isWritable(output)) {
    const found = target === undefined ? "says no format of music" : "can be read, but not written";
    throw new UsageError(
      `found ${output}, whose name ${found}, expected one of ${knownEndings({ writable: true })}`,
    );
  }
  if (plainPath(input) === plainPath(output)) {
    throw new UsageError(`found ${input} as input and as output, expected another name for the output`);
  }
  if (options.set.length > 0 && options.representation === undefined && target.representation === undefined) {
    throw new UsageError("found --set without --representation, expected both: its options are what is set");
  }
  return target;
}

const plainPath = (path: string) => path.replace(/\/(\.?\/)+/g, "/").replace(/^(\.\/)+/, "");

/** Tokens stay tokens of their representation; other music gets that of the format. */
function ownRepresentation(
  music: MusicFile,
  target: FileFormat,
  settings: Readonly<Record<string, unknown>>,
): Representation | undefined {
  if (target.representation === undefined) return undefined;
  const { name, config } = music.representation ?? { name: target.representation, config: {} };
  return openRepresentation(name, { ...config, ...settings });
}

function pass(performance: Performance, representation: Representation) {
  const tokens = representation.encode(performance);
  return { representation, tokens, performance: representation.decode(tokens) };
}

function describe({ name, config }: Representation): string {
  return `tokens of ${name} ${JSON.stringify(config)}`;
}
