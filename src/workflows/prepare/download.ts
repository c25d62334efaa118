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

/** Names the archive a folder was unpacked from. */
const markFile = ".archive-sha256";

/** Fetches and unpacks the archive under `data/`, and answers the folder. What is there already is not fetched again. */
export async function downloadMaestro(platform: Platform, options: PrepareOptions): Promise<string> {
  const { store } = platform;
  const { folder } = maestro;
  if (options.source.toLowerCase() !== "maestro") {
    throw new UsageError(`found --download for "${options.source}", expected \`prepare maestro --download\``);
  }
  if ((options.url === undefined) !== (options.sha256 === undefined)) {
    throw new UsageError("found one of --url and --sha256, expected both or neither");
  }
  const sha256 = (options.sha256 ?? maestro.sha256).toLowerCase();
  if ((await store.stat(folder)) !== undefined) {
    const mark = `${folder}/${markFile}`;
    const from = (await store.stat(mark)) && new TextDecoder().decode(await store.read(mark));
    if (from === sha256) return folder;
    throw new UsageError(
      `found ${folder}, which is not unpacked from the archive asked for: prepare it as it is (\`rubato prepare ${folder}\`), or rename it`,
    );
  }
  const archive = `${folder}.zip`;
  await platform.download({ url: options.url ?? maestro.url, sha256, to: archive });
  // Unpacked beside its place: a folder of the final name is whole.
  const partial = `${folder}.partial`;
  await store.remove(partial);
  await platform.unpack(archive, partial);
  await store.write(`${partial}/${markFile}`, new TextEncoder().encode(sha256));
  await store.rename(partial, folder);
  return folder;
}
