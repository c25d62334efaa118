import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { patiently, renameFile } from "./rename.ts";

/** Work that fails so many times with a code, and counts how often it was asked. */
function failing(times: number, code: string) {
  let asked = 0;
  return {
    asked: () => asked,
    work: async () => {
      asked++;
      if (asked <= times) throw Object.assign(new Error(code), { code });
    },
  };
}

it.each(["EPERM", "EACCES", "EBUSY"])("on Windows, %s is waited out", async (code) => {
  const { work, asked } = failing(3, code);
  await patiently(work, "win32");
  expect(asked()).toBe(4);
});

it("on Windows, what stays so is told in the end", async () => {
  const { work, asked } = failing(100, "EBUSY");
  await expect(patiently(work, "win32")).rejects.toThrow("EBUSY");
  expect(asked()).toBe(8);
});

it.each([
  ["win32", "ENOENT"],
  ["win32", "ENOSPC"],
  ["linux", "EPERM"],
  ["darwin", "EBUSY"],
] as const)("on %s, %s is told at once", async (system, code) => {
  const { work, asked } = failing(1, code);
  await expect(patiently(work, system)).rejects.toThrow(code);
  expect(asked()).toBe(1);
});

it("replaces a file that has the name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rubato-rename-"));
  await writeFile(join(folder, "a"), "new");
  await writeFile(join(folder, "b"), "old");
  await renameFile(join(folder, "a"), join(folder, "b"));
  expect(await readFile(join(folder, "b"), "utf8")).toBe("new");
  await rm(folder, { recursive: true });
});
