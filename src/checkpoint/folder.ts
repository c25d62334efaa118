/**
 * @file The folder of a checkpoint, which holds one whole checkpoint at every moment.
 *
 * A folder cannot take the place of another in one step, but a file can. So new parts are written beside the old ones,
 * under names that hold their checksum: `model.safetensors.<sha256>.pending`. Then one rename puts a new `config.json` in
 * place, which names the checksums of its parts, and from that moment the checkpoint is the new one. Last, the parts get
 * their own names, and what the old checkpoint left is removed. A reader takes the pending part that `config.json` asks
 * for, and where there is none, the one with the plain name. One program at a time may write a folder; any may read it.
 */
import { CheckpointError } from "./error.ts";
import { type CheckpointConfig, configFormat, type PartName } from "./format.ts";
import { isVersioned, readVersioned } from "./versioned.ts";

/** Where checkpoints are read from: of a web site, no more can be asked. */
export interface ReadableStore {
  stat(path: string): Promise<{ readonly kind: "file" | "folder" } | undefined>;
  read(path: string): Promise<Uint8Array>;
}

/** Where checkpoints are kept; a Platform's store is one. */
export interface CheckpointStore extends ReadableStore {
  /** Puts the whole file in place in one step, or leaves the old one. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Takes the place of a file that is there, in one step. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(folder: string): Promise<readonly { readonly path: string }[]>;
}

/** What reading a checkpoint asks of the machine. */
export interface CheckpointSource {
  readonly store: ReadableStore;
  /** SHA-256 in lower-case hexadecimal; browsers answer later. */
  sha256(bytes: Uint8Array): string | Promise<string>;
}

/** What checkpoints ask of the machine; a Platform is one. */
export interface CheckpointPlatform extends CheckpointSource {
  readonly store: CheckpointStore;
}

type Files = CheckpointConfig["files"];
type StoredFile = Files["model.safetensors"];

const partNames: readonly PartName[] = ["model.safetensors", "optimiser.safetensors", "training.json"];

const configPath = (folder: string) => `${folder}/config.json`;
const pendingName = (name: PartName, { sha256 }: StoredFile) => `${name}.${sha256}.pending`;

/** @throws CheckpointError for a folder with something else in it, which must not be overwritten. */
export async function expectReplaceable(store: CheckpointStore, folder: string): Promise<void> {
  const path = configPath(folder);
  const refuse = (what: string) => {
    throw new CheckpointError(
      `found ${folder} with ${what} that is not of a Rubato checkpoint, expected an empty folder, or a checkpoint to replace: choose another folder`,
      folder,
    );
  };
  if ((await store.stat(path)) !== undefined) {
    if (!isVersioned(configFormat, decode(await store.read(path)))) refuse("a config.json");
    return;
  }
  for (const name of partNames) {
    if ((await store.stat(`${folder}/${name}`)) !== undefined) refuse(`a ${name}`);
  }
}

/** Writes a part beside the checkpoint that is there, of which it is no part yet. */
export async function putPart(
  platform: CheckpointPlatform,
  folder: string,
  name: PartName,
  bytes: Uint8Array,
): Promise<StoredFile> {
  const file = { bytes: bytes.length, sha256: await platform.sha256(bytes) };
  await platform.store.write(`${folder}/${pendingName(name, file)}`, bytes);
  return file;
}

/** Makes the parts that a configuration names the checkpoint of the folder. */
export async function switchTo(
  store: CheckpointStore,
  folder: string,
  config: string,
  files: Files,
): Promise<void> {
  await store.write(configPath(folder), new TextEncoder().encode(config));
  for (const name of partNames) {
    const file = files[name];
    if (file !== undefined) {
      await store.rename(`${folder}/${pendingName(name, file)}`, `${folder}/${name}`);
    }
  }
  await removeStale(store, folder);
}

/** Removes the parts that `config.json` does not ask for: of older checkpoints, and of writes that did not end. */
export async function removeStale(store: CheckpointStore, folder: string): Promise<void> {
  const files = await filesOf(store, folder);
  const wanted = new Set(
    partNames.flatMap((name) => {
      const file = files[name];
      return file === undefined ? [] : [name, pendingName(name, file)];
    }),
  );
  for (const { path } of await store.list(folder)) {
    if (isPart(path) && !wanted.has(path)) await store.remove(`${folder}/${path}`);
  }
}

async function filesOf(store: CheckpointStore, folder: string): Promise<Partial<Files>> {
  const path = configPath(folder);
  if ((await store.stat(path)) === undefined) return {};
  return readVersioned(configFormat, decode(await store.read(path)), path).files;
}

function isPart(path: string): boolean {
  const name = path.replace(/\.[0-9a-f]{64}\.pending$/, "");
  return partNames.some((part) => part === name);
}

/** @throws CheckpointError where there is no `config.json`. */
export async function readConfigText(store: ReadableStore, folder: string): Promise<string> {
  const path = configPath(folder);
  if ((await store.stat(path)) !== undefined) return decode(await store.read(path));
  const found = await store.stat(folder);
  const what = found === undefined ? "nothing" : found.kind === "file" ? "a file" : "no config.json";
  throw new CheckpointError(
    `found ${what} at ${folder}, expected the folder of a checkpoint: check the path`,
    folder,
  );
}

export function parseConfig(text: string, folder: string): CheckpointConfig {
  return readVersioned(configFormat, text, configPath(folder));
}

/** @throws CheckpointError for a part that is missing, or is not the one that `config.json` asks for. */
export async function readPart(
  platform: CheckpointSource,
  folder: string,
  name: PartName,
  file: StoredFile,
): Promise<Uint8Array> {
  const path = `${folder}/${name}`;
  const pending = await readPending(platform.store, `${folder}/${pendingName(name, file)}`);
  const whole = pending ?? (await readIfThere(platform.store, path));
  if (whole === undefined) {
    throw new CheckpointError(
      `found no ${name} in ${folder}, expected one of ${file.bytes} bytes: copy the whole folder again`,
      path,
    );
  }
  if (whole.length !== file.bytes) {
    throw new CheckpointError(
      `found ${path} of ${whole.length} bytes, expected ${file.bytes}: copy the whole folder again`,
      path,
    );
  }
  if ((await platform.sha256(whole)) !== file.sha256) {
    throw new CheckpointError(
      `found ${path} with other contents than config.json names, expected SHA-256 ${file.sha256}: copy the whole folder again`,
      path,
    );
  }
  return whole;
}

async function readIfThere(store: ReadableStore, path: string): Promise<Uint8Array | undefined> {
  return (await store.stat(path)) === undefined ? undefined : store.read(path);
}

async function readPending(store: ReadableStore, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readIfThere(store, path);
  } catch (error) {
    // Its writer may have given it its plain name meanwhile.
    if ((await store.stat(path)) !== undefined) throw error;
    return undefined;
  }
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
