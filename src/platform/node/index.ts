/** @file The platform of Node: its file system, threads and network. */
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { StorageError, UsageError } from "../../util/errors.ts";
import { isMidiName, openFile, openFolder } from "../folder.ts";
import type { Platform, Progress, Source } from "../platform.ts";
import { openArchive } from "./archive.ts";
import { download } from "./download.ts";
import { createNodeRuntime } from "./onnxruntime/runtime.ts";
import { readPackageFile } from "./package-file.ts";
import { openPool } from "./pool.ts";
import { readRelease } from "./release.ts";
import { sha256 } from "./sha256.ts";
import { nodeStore } from "./store.ts";
import { unpack } from "./unpack.ts";

export { ArchiveError } from "./archive-error.ts";
export { DownloadError } from "./download-error.ts";
export { openDirect } from "./onnxruntime/direct.ts";
export { createNodeRuntime } from "./onnxruntime/runtime.ts";

export interface NodeOptions {
  readonly report?: (event: Progress) => void;
  readonly cores?: number;
}

/** What a zip archive begins with: an entry, or, when it is empty, the end of its directory. */
const zipSignatures: readonly string[] = ["504b0304", "504b0506"];

async function open(path: string): Promise<Source> {
  const found = await nodeStore.stat(path);
  if (!found) {
    throw new StorageError(`Cannot open ${path}: there is no such file or folder; check the path`, path);
  }
  if (found.kind === "folder") return openFolder(nodeStore, path);
  const start = Buffer.from(await nodeStore.read(path, { offset: 0, length: 4 })).toString("hex");
  if (zipSignatures.includes(start)) return openArchive(path);
  if (isMidiName(path)) return openFile(nodeStore, path);
  throw new UsageError(
    `Cannot open ${path}: it is neither a folder nor a zip archive nor a MIDI file; give one of these, or unpack the file first`,
  );
}

function describeMachine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${platform()} ${arch()}, Node ${process.versions.node}, ${cpus().length} × ${processor?.model ?? "unknown processor"}, ${memory} GiB`;
}

export function nodePlatform({
  report = () => undefined,
  cores = availableParallelism(),
}: NodeOptions = {}): Platform {
  return {
    store: nodeStore,
    runtime: createNodeRuntime(),
    release: readRelease(),
    bundled: fileURLToPath(new URL("../../../models", import.meta.url)),
    machine: describeMachine(),
    now: () => performance.now(),
    wallTime: () => Date.now(),
    cores,
    readPackageFile,
    open,
    pool: openPool,
    sha256,
    download: (request) => download(request, { report }),
    unpack: (archive, folder) => unpack(archive, folder, { report }),
    report,
  };
}
