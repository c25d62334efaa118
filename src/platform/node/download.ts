/** @file Fetches a file whose checksum is known, and goes on where an interrupted download stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UsageError } from "../../util/errors.ts";
import type { DownloadRequest, Progress } from "../platform.ts";
import { storageError } from "../storage-error.ts";
import { DownloadError } from "./download-error.ts";
import { type Part, partOf } from "./download-part.ts";
import { guarded } from "./guard.ts";
import { sha256OfFile } from "./sha256.ts";
import { nodeStore } from "./store.ts";

export interface DownloadOptions {
  /** `total` is 0 where the server does not tell. */
  readonly report: (event: Progress) => void;
  /** Attempts in a row that may bring nothing new. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly pause?: number;
}

/** Worth another attempt: the connection broke, or the server is in trouble. */
class Interruption extends Error {}

export async function download(request: DownloadRequest, options: DownloadOptions): Promise<void> {
  const { url, to, sha256 } = request;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`${url} is not an address to download from; give one that begins with https://`);
  }
  const there = await nodeStore.stat(to);
  if (there?.kind === "folder") throw storageError("write", to, "EISDIR");
  if (there?.kind === "file" && (await sha256OfFile(to)) === sha256) return;

  const part = partOf(to);
  await fetchWhole(request, part, options);
  const found = await part.sha256();
  if (found !== sha256) {
    await part.remove();
    throw new DownloadError(
      url,
      `its SHA-256 is ${found}, expected ${sha256}`,
      "try again, and if it stays so, the file was changed where it is published: ask there",
    );
  }
  await part.finish();
}

async function fetchWhole(request: DownloadRequest, part: Part, options: DownloadOptions): Promise<void> {
  const { report, attempts = 5, pause = 500 } = options;
  let most = await part.size();
  for (let fruitless = 1; ; fruitless++) {
    try {
      await fetchRest(request.url, part, report);
      return;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      const size = await part.size();
      if (size > most) fruitless = 1;
      most = Math.max(most, size);
      if (fruitless >= attempts) {
        throw new DownloadError(
          request.url,
          `${error.message}, ${attempts} times in a row`,
          `check the network and start again, or fetch the file by hand and put it at ${request.to}`,
          { cause: error },
        );
      }
      await sleep(pause * 2 ** (fruitless - 1));
    }
  }
}

/** One request. Ends when the server has sent all it promised; what was received stays in the part in any case. */
async function fetchRest(url: string, part: Part, report: (event: Progress) => void): Promise<void> {
  const size = await part.size();
  const known = await part.validator(url);
  const resume = size > 0 && known !== undefined;
  const response = await ask(url, resume ? { range: `bytes=${size}-`, "if-range": known } : {});
  const { status, headers } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (status === 416 && resume) {
    await response.body?.cancel();
    if (range?.[2] === String(size)) return; // nothing was missing but the checksum
    await part.remove();
    throw new Interruption("the server has no bytes after those fetched before");
  }
  if (status === 206 && !(resume && range?.[1] === String(size))) {
    await response.body?.cancel();
    await part.remove();
    throw new Interruption("the server sent another piece than was asked for");
  }
  if (status !== 200 && status !== 206) {
    await response.body?.cancel();
    throw refusal(url, status, response.statusText);
  }
  const start = status === 206 ? size : 0;
  const length = Number(headers.get("content-length") ?? 0);
  const handle = await part.open(status === 206 ? "end" : "start", url, validatorOf(headers));
  try {
    let done = start;
    for await (const chunk of body(response)) {
      await guarded("write", part.path, () => handle.writeFile(chunk));
      done += chunk.length;
      report({ stage: "download", done, total: length === 0 ? 0 : start + length, unit: "bytes" });
    }
    await guarded("write", part.path, () => handle.sync());
  } finally {
    await handle.close();
  }
}

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    // Compressed on the way, a file has other bytes, and other ranges, than the one whose checksum is known.
    return await fetch(url, { headers: { ...headers, "accept-encoding": "identity" } });
  } catch (error) {
    throw new Interruption(`the server cannot be reached (${reasonOf(error)})`, { cause: error });
  }
}

async function* body(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of response.body ?? []) yield chunk;
  } catch (error) {
    throw new Interruption(`the connection broke (${reasonOf(error)})`, { cause: error });
  }
}

/** `fetch` says no more than "fetch failed"; what failed is one step below. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const message = messageOf(cause);
  return message === "" && cause instanceof AggregateError ? messageOf(cause.errors[0]) : message;
}

function refusal(url: string, status: number, text: string): Error {
  const found = `the server answered ${`${status} ${text}`.trim()}`;
  const temporary = status >= 500 || status === 408 || status === 429;
  return temporary ? new Interruption(found) : new DownloadError(url, found, "check the address");
}

/** A weak ETag vouches for the meaning and not for the bytes, and so cannot be gone on from (RFC 9110, 13.1.5). */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag !== null && !tag.startsWith("W/") ? tag : (headers.get("last-modified") ?? undefined);
}
