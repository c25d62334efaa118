/** @file Where the MIDI files come from: a folder or archive as given, or one that is fetched first. */
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { downloadMaestro } from "./download.ts";
import type { PrepareOptions } from "./options.ts";

/** The path of the files, fetched if that was asked for. */
export async function locateSource(platform: Platform, options: PrepareOptions): Promise<string> {
  const { source, download, url, sha256 } = options;
  if (download) return downloadMaestro(platform, options);
  if (url !== undefined || sha256 !== undefined) {
    throw new UsageError("found --url or --sha256 without --download, expected all of them or none");
  }
  if (source.toLowerCase() === "maestro" && (await platform.store.stat(source)) === undefined) {
    throw new UsageError(
      `found no folder or archive "${source}", expected one: to fetch MAESTRO, add --download`,
    );
  }
  return source;
}

/** What a corpus is called after: the last part of its source's path, without .zip. */
export function nameOf(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  return (parts.at(-1) ?? "").replace(/\.zip$/i, "") || "corpus";
}
