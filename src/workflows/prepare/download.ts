/** @file Fetching the official MAESTRO archive: address and checksum as its publisher gives them. */
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import type { PrepareOptions } from "./options.ts";

/** MAESTRO v3.0.0, MIDI alone, 56 MiB, CC BY-NC-SA 4.0: https://magenta.withgoogle.com/datasets/maestro */
const maestro = {
  url: "https://storage.googleapis.com/magentadata/datasets/maestro/v3.0.0/maestro-v3.0.0-midi.zip",
  sha256: "70470ee253295c8d2c71e6d9d4a815189e35c89624b76d22fce5a019d5dde12c",
  folder: "data/maestro-v3.0.0",
};

/** Fetches and unpacks the archive under `data/`, and answers the folder. What is there already is not fetched again. */
export async function downloadMaestro(platform: Platform, options: PrepareOptions): Promise<string> {
  if (options.source.toLowerCase() !== "maestro") {
    throw new UsageError(`found --download for "${options.source}", expected \`prepare maestro --download\``);
  }
  if ((options.url === undefined) !== (options.sha256 === undefined)) {
    throw new UsageError("found one of --url and --sha256, expected both or neither");
  }
  const archive = `${maestro.folder}.zip`;
  await platform.download({
    url: options.url ?? maestro.url,
    sha256: (options.sha256 ?? maestro.sha256).toLowerCase(),
    to: archive,
  });
  const done = `${maestro.folder}/.unpacked`;
  if ((await platform.store.stat(done)) === undefined) {
    await platform.unpack(archive, maestro.folder);
    await platform.store.write(done, new Uint8Array(0));
  }
  return maestro.folder;
}
