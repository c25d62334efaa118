/** @file SHA-256 of bytes, and of files too large to be held. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { guarded } from "./guard.ts";

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function sha256OfFile(path: string): Promise<string> {
  return guarded("read", path, async () => {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
    return hash.digest("hex");
  });
}
