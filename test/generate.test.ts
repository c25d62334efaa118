/** @file `rubato generate`, as people run it: what it prints, what it writes, what it refuses. `npm run build` comes first. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodePlatform } from "../src/platform/node/index.ts";
import { requireBuild, rubatoIn } from "./fixtures/command.ts";
import { writeTinyModel } from "./fixtures/tiny-model.ts";

let folder = "";
const generate = (...args: readonly string[]) => rubatoIn(folder, ["generate", "--model", "tiny", ...args]);
const fileAt = (path: string) => readFileSync(join(folder, path));

beforeAll(async () => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), "rubato-generate-"));
  await writeTinyModel(nodePlatform(), join(folder, "tiny"));
});
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

describe("rubato generate", () => {
  test("says model and seed, and makes the same bytes again with that seed", () => {
    const { code, out } = generate("--seconds", "4", "--output", "first.mid");
    expect(code).toBe(0);
    const seed = /seed (\d+)/.exec(out)?.[1] ?? "none";
    expect(out).toMatch(
      /^model tiny \([0-9a-f]{12}\), seed \d+, 4 seconds in all, float32 on cpu\nwrote first\.mid: /,
    );
    generate("--seconds", "4", "--output", "second.mid", "--seed", seed, "--batch", "2");
    expect(fileAt("second.mid")).toEqual(fileAt("first.mid"));
    generate("--seconds", "4", "--output", "third.mid");
    expect(fileAt("third.mid")).not.toEqual(fileAt("first.mid"));
  });

  test("shows a roll, and answers one document with --json", () => {
    expect(generate("--seconds", "2", "--plot").out).toMatch(/[▀▄█]/);
    const { out } = generate("--seconds", "2", "--samples", "2", "--seed", "3", "--json");
    expect(JSON.parse(out)).toMatchObject({
      model: "tiny",
      seed: "3",
      pieces: [{ midi: "output/tiny-3-1.mid" }, { midi: "output/tiny-3-2.mid" }],
    });
  });

  test("writes the command that makes a piece again, as it stands in the file", () => {
    generate("--notes", "20", "--seed", "9", "--temperature", "1.1", "--output", "told.mid");
    const line = /rubato generate [\x20-\x7e]*--temperature 1\.1/.exec(
      fileAt("told.mid").toString("latin1"),
    )?.[0];
    expect(line).toBe("rubato generate --model tiny --seed 9 --notes 20 --temperature 1.1");
    const again = rubatoIn(folder, [...(line ?? "").split(" ").slice(1), "--output", "again.mid"]);
    expect(again.code).toBe(0);
    expect(fileAt("again.mid")).toEqual(fileAt("told.mid"));
  });

  test.each([
    [["--seed", "60,62,64"], 2, "--seed-notes"],
    [["--temperature", "0"], 2, "--greedy-ratio 1"],
    [["--temperature", "-1"], 2, "--greedy-ratio 1"],
    [["--device", "coreml", "--seconds", "1"], 2, 'found no device "coreml"'],
    [["--primer", "absent.mid"], 1, "absent.mid"],
  ])("refuses %j in one sentence", (args, exitCode, words) => {
    const { code, out, err } = generate(...args);
    expect({ code, out }).toEqual({ code: exitCode, out: "" });
    expect(err).toMatch(/^rubato: [^\n]+\n$/);
    expect(err).toContain(words);
  });
});
