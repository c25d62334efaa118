/** @file Files of installed packages, wherever npm put them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { StorageError } from "../../util/errors.ts";
import { codeOf, guarded } from "./guard.ts";

const require = createRequire(import.meta.url);

function resolve(path: string): string {
  try {
    return require.resolve(path);
  } catch (error) {
    if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
    const name = path.split("/", path.startsWith("@") ? 2 : 1).join("/");
    throw new StorageError(
      `Cannot read ${path}: the package ${name} is not installed here, or not whole; run \`npm install\``,
      path,
      { cause: error },
    );
  }
}

export async function readPackageFile(path: string): Promise<Uint8Array> {
  const file = resolve(path);
  const { buffer, byteOffset, byteLength } = await guarded("read", file, () => readFile(file));
  return new Uint8Array(buffer, byteOffset, byteLength);
}
