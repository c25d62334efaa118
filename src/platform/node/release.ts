/** @file Which Rubato is running: the version in package.json, and the commit where that lies in a checkout. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../util/errors.ts";
import type { Release } from "../platform.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export function readRelease(): Release {
  const version = /"version":\s*"([^"]+)"/.exec(readFileSync(`${root}package.json`, "utf8"))?.[1];
  return { version: version ?? "unknown", commit: readCommit() };
}

/** From the files of git itself: whoever has no git has no checkout. Undefined in an installed package. */
function readCommit(): string | undefined {
  const head = readIfThere(`${root}.git/HEAD`);
  if (head === undefined) return undefined;
  const reference = /^ref: (\S+)/.exec(head)?.[1];
  if (reference === undefined) return head.trim();
  const loose = readIfThere(`${root}.git/${reference}`);
  if (loose !== undefined) return loose.trim();
  const packed = readIfThere(`${root}.git/packed-refs`) ?? "";
  return packed
    .split("\n")
    .find((line) => line.endsWith(` ${reference}`))
    ?.slice(0, 40);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (/ENOENT|ENOTDIR/.test(messageOf(error))) return undefined;
    throw error;
  }
}
