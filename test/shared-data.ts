/** @file The shared data for development, which is no part of the project: tests that need it skip where it is absent. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

/** Beside the repository. */
const sharedData = fileURLToPath(new URL("../../shared/data", import.meta.url));

/** The path of a folder of the shared data, and whether it is there. */
export function sharedFolder(name: string): { readonly path: string; readonly exists: boolean } {
  const path = join(sharedData, name);
  return { path, exists: existsSync(path) };
}

/** Tests over a folder of the shared data; where it is absent they are skipped, and the output says why. */
export function describeWithData(name: string, folder: string, tests: (path: string) => void): void {
  const { path, exists } = sharedFolder(folder);
  if (exists) {
    describe(name, () => tests(path));
    return;
  }
  console.warn(`skipped: ${name} (there is no ${path})`);
  describe.skip(name, () => it(`needs ${path}`, () => undefined));
}
