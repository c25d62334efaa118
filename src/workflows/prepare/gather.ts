/**
 * @file Where the MIDI files of a corpus come from: one folder or archive, or several that are joined. Of several, each file's
 * path begins with the name of what it is from, and each keeps its own table.
 */
import type { FoundFile, Platform, Source } from "../../platform/platform.ts";
import { invariant } from "../../util/errors.ts";
import { filterComposers } from "./filter.ts";
import type { PrepareOptions } from "./options.ts";
import { type SelectedFile, type Selection, selectFiles } from "./select.ts";
import { locateSource, nameOf } from "./source.ts";

/** One of the folders or archives, with what was selected of it. */
export interface Origin {
  readonly name: string;
  readonly path: string;
  /** Paths begin with the name, where there are several origins. */
  readonly selection: Selection;
}

export interface Gathered {
  readonly origins: readonly Origin[];
  /** The files that were asked for, of all origins. */
  readonly files: readonly SelectedFile[];
  readonly source: Source;
}

/** What a corpus of these is called. */
export const joinedName = (origins: readonly { readonly name: string }[]): string =>
  origins.map(({ name }) => name).join("+");

/** Paths of the origins, fetched if that was asked for, and a name for each. */
export async function locateOrigins(
  platform: Platform,
  options: PrepareOptions,
): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const { url: _, sha256: __, ...plain } = options;
  const paths = [await locateSource(platform, options)];
  for (const source of options.more) {
    paths.push(await locateSource(platform, { ...plain, source, download: false }));
  }
  const names = paths.map(nameOf);
  return paths.map((path, i) => {
    const name = names[i];
    const earlier = names.slice(0, i).filter((each) => each === name).length;
    return { path, name: earlier === 0 ? name : `${name}-${earlier + 1}` };
  });
}

/**
 * Opens the origins and selects their files.
 *
 * @throws CorpusError as `selectFiles` does; UsageError for a composer whom none of them knows
 */
export async function gatherSources(
  platform: Platform,
  located: Awaited<ReturnType<typeof locateOrigins>>,
  { composer, limit }: PrepareOptions,
): Promise<Gathered> {
  const opened: Source[] = [];
  const close = async () => {
    for (const source of opened) await source.close();
  };
  try {
    const origins: Origin[] = [];
    const places = new Map<string, { readonly source: Source; readonly file: FoundFile }>();
    for (const { name, path } of located) {
      const source = await platform.open(path);
      opened.push(source);
      const selection = await selectFiles(source, path);
      for (const { file } of selection.files) {
        places.set(located.length === 1 ? file.path : `${name}/${file.path}`, { source, file });
      }
      origins.push({ name, path, selection: located.length === 1 ? selection : below(name, selection) });
    }
    const wanted = new Set(
      filterComposers(
        origins.flatMap(({ selection }) => selection.files),
        composer,
      ),
    );
    return {
      origins,
      files: origins.flatMap(({ selection }) =>
        selection.files.filter((file) => wanted.has(file)).slice(0, limit),
      ),
      source: {
        files: [...places].map(([path, { file }]) => ({ ...file, path })),
        read(file) {
          const place = places.get(file.path);
          invariant(place, "a file is read that was selected");
          return place.source.read(place.file);
        },
        close,
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A selection whose paths begin with a name. */
function below(name: string, { files, table, missing, unlisted }: Selection): Selection {
  return {
    files: files.map((each) => ({ ...each, file: { ...each.file, path: `${name}/${each.file.path}` } })),
    table,
    missing: missing.map((path) => `${name}/${path}`),
    unlisted: unlisted.map((path) => `${name}/${path}`),
  };
}
