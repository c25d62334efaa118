/** @file The built command, as people run it: help, exit codes, JSON, pipes. `npm run build` comes first. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { midiFromPerformance, writeMidi } from "../src/midi/index.ts";
import { odeToJoy, preludeInC } from "./music/tunes.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const verbs = ["prepare", "inspect", "convert", "generate", "listen-test", "runs", "doctor", "list"];
const { PATH } = process.env;
let folder = "";

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function rubato(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...(PATH !== undefined && { PATH }), ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Errors of the user are one line, begin with the name of the command, and have no stack. */
function expectSentence({ code, out, err }: Run, exitCode: number, words: string): void {
  expect({ code, out }).toEqual({ code: exitCode, out: "" });
  expect(err).toMatch(/^rubato: [^\n]+\n$/);
  expect(err).toContain(words);
}

beforeAll(() => {
  if (!existsSync(main)) throw new Error(`${main} is not there: run \`npm run build\` before the tests`);
  folder = mkdtempSync(join(tmpdir(), "rubato-cli-"));
  const ode = writeMidi(midiFromPerformance(odeToJoy, { title: "Ode to Joy" }));
  const prelude = writeMidi(midiFromPerformance(preludeInC));
  mkdirSync(join(folder, "songs"));
  writeFileSync(join(folder, "ode.mid"), ode);
  writeFileSync(join(folder, "cut.mid"), ode.slice(0, -30));
  writeFileSync(join(folder, "songs", "ode.mid"), ode);
  writeFileSync(join(folder, "songs", "prelude.mid"), prelude);
  writeFileSync(join(folder, "songs", "broken.mid"), "no music");
  writeFileSync(join(folder, "songs.zip"), zipSync({ "a/ode.mid": ode, "a/readme": strToU8("hello") }));
  writeFileSync(join(folder, "list.json"), "[]");
  writeFileSync(join(folder, "package.json"), '{"name":"x"}');
  writeFileSync(join(folder, "note.json"), '{"notes":[{"pitch":60,"startTime":1}]}');
  writeFileSync(join(folder, "picture.png"), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
});

afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

describe("help", () => {
  test("of all names every verb, on standard output", () => {
    const { code, out, err } = rubato(["--help"]);
    expect([code, err]).toEqual([0, ""]);
    for (const verb of verbs) expect(out).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
  });

  test.each(verbs)("of %s has examples, each of which names it", (verb) => {
    const { code, out, err } = rubato([verb, "--help"]);
    expect([code, err]).toEqual([0, ""]);
    const examples = out.slice(out.indexOf("Examples:")).match(/^ {2}\$ .*$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(example).toContain(`$ rubato ${verb} `);
    expect(out).toContain("--json");
  });

  test("without a verb it is shown, with exit code 2", () => {
    expect(rubato([]).code).toBe(2);
  });

  test("of the version", () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(rubato(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});

describe("misuse has exit code 2", () => {
  test.each([
    [["inspekt", "ode.mid"], "inspect"],
    [["inspect"], "missing required argument 'path'"],
    [["inspect", "ode.mid", "--colour"], "unknown option '--colour'"],
    [["inspect", "ode.mid", "ode.mid"], "too many arguments"],
    [["inspect", "ode.mid", "--from", "soon"], '--from: found "soon"'],
    [["inspect", "ode.mid", "--from", "20"], "The picture cannot go from 20 s"],
    [["inspect", "ode.mid", "--plot", "ode.pdf"], "ends in .svg or .png"],
    [["inspect", "songs", "--plot", "songs.svg"], "found --plot for songs, which is a folder"],
    [["inspect", "songs.zip", "--plot", "songs.svg"], "found --plot for songs.zip, which is an archive"],
    [["inspect", "list.json"], "found a list of 0"],
    [["inspect", "package.json"], "found an object with name"],
    [["inspect", "note.json"], "notes[0]: found a note from 1 s to 0 s"],
    [["convert", "ode.mid", "ode.wav"], "says no format of music"],
    [["convert", "ode.mid"], "missing required argument 'output'"],
    [["list", "tunes"], "<kind>"],
  ])("%j", (args, words) => {
    const { code, out, err } = rubato(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
    expect(err).not.toContain("    at ");
  });
});

describe("failures have exit code 1", () => {
  test.each([
    [["inspect", "none.mid"], "Cannot read none.mid: there is no such file or folder"],
    [["inspect", "picture.png"], "MIDI, byte 0: found"],
    [["inspect", "songs/broken.mid"], 'MIDI, byte 0: found "no m"'],
    [["convert", "songs/broken.mid", "x.mid"], 'MIDI, byte 0: found "no m"'],
    [["convert", "ode.mid", "ode.mid/x.mid"], "Cannot"],
    [["prepare", "none"], "Cannot open none"],
  ])("%j", (args, words) => {
    expectSentence(rubato(args), 1, words);
  });
});

describe("inspect", () => {
  test("of a file, without escape sequences where nobody looks", () => {
    const { code, out, err } = rubato(["inspect", "ode.mid"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Ode to Joy\node\.mid\n/);
    expect(out).toContain("C major");
    expect(out).not.toContain("\u001b");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(rubato(["inspect", "ode.mid"], { NO_COLOR: "1" }).out).toBe(out);
  });

  test.each([
    ["ode.mid", { kind: "file", title: "Ode to Joy", music: { notes: 38 } }],
    ["songs", { kind: "folder", refused: 1, total: { pieces: 2 } }],
    ["songs.zip", { kind: "folder", refused: 0, otherFiles: 1, files: [{ path: "a/ode.mid", notes: 38 }] }],
  ])("of %s as JSON", (path, expected) => {
    const { code, out } = rubato(["inspect", path, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject(expected);
  });

  test("draws", () => {
    expect(rubato(["inspect", "ode.mid", "--plot", "roll.png", "--from", "2", "--to", "6"]).code).toBe(0);
    expect([...readFileSync(join(folder, "roll.png")).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  test("of a corpus, and of a damaged one: exit code 1, and the facts nevertheless", () => {
    expect(rubato(["prepare", "songs", "--out", "corpus"]).code).toBe(0);
    const whole = rubato(["inspect", "corpus"]);
    expect(whole.code).toBe(0);
    expect(whole.out).toContain("note-on");
    rmSync(join(folder, "corpus", "train-00000.bin"));
    const damaged = rubato(["inspect", "corpus"]);
    expect(damaged.code).toBe(1);
    expect(damaged.out).toContain("train-00000.bin is missing");
    const json = rubato(["inspect", "corpus", "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ kind: "corpus", damage: ["train-00000.bin is missing"] });
  });
});

describe("convert", () => {
  test("there and back", () => {
    expect(rubato(["convert", "ode.mid", "ode.txt"]).out).toMatch(/^wrote ode\.txt: 38 notes, /);
    expect(readFileSync(join(folder, "ode.txt"), "utf8")).toMatch(
      /^# rubato tokens performance \{.*\}\nvelocity:/,
    );
    expect(rubato(["convert", "ode.txt", "back.json"]).code).toBe(0);
    const { code, out } = rubato(["inspect", "back.json", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ format: "note-sequence", music: { notes: 38 } });
  });

  test("what was mended is told on standard error, and in JSON", () => {
    const { code, out, err } = rubato(["convert", "cut.mid", "whole.mid", "--json"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^cut\.mid: .*\(truncated\)$/m);
    expect(JSON.parse(out)).toMatchObject({
      output: "whole.mid",
      warnings: expect.arrayContaining([expect.any(String)]),
    });
  });
});

describe("list", () => {
  test.each(["representations", "controls", "models", "optimisers", "schedules"])(
    "%s, with options",
    (kind) => {
      const { code, out } = rubato(["list", kind]);
      expect(code).toBe(0);
      expect(out).toMatch(/^ {4}\w+=\S+ {2,}\w/m);
      const json: unknown = JSON.parse(rubato(["list", kind, "--json"]).out);
      expect(json).toContainEqual({
        name: expect.any(String),
        summary: expect.any(String),
        options: expect.objectContaining({ type: "object" }),
      });
    },
  );
});

test.skipIf(process.platform === "win32")("a reader that has seen enough is no failure", () => {
  // More than a pipe holds: the writer is still at it when the reader leaves.
  const note = (part: number) => ({ pitch: 60, endTime: 1, part });
  const notes = Array.from({ length: 4000 }, (_, part) => note(part));
  writeFileSync(join(folder, "large.json"), JSON.stringify({ notes }));
  const line = `"${process.execPath}" "${main}" inspect large.json --json | head -1; exit \${PIPESTATUS[0]}`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { cwd: folder, encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "{\n", stderr: "" });
});

describe("doctor", () => {
  test("finds ONNX Runtime in order, and says how fast it is", () => {
    const { code, out } = rubato(["doctor", "--size", "64", "--json"]);
    const diagnosis = z
      .object({
        passed: z.boolean(),
        providers: z.array(
          z.object({
            runtime: z.string(),
            provider: z.string(),
            passed: z.boolean(),
            gradients: z.array(z.object({ model: z.string(), worst: z.number() })),
            speed: z.array(z.object({ threads: z.number(), gflops: z.number() })),
          }),
        ),
      })
      .parse(JSON.parse(out));
    expect({ code, passed: diagnosis.passed }).toEqual({ code: 0, passed: true });
    const [cpu] = diagnosis.providers;
    expect(cpu).toMatchObject({ runtime: "onnxruntime-node", provider: "cpu", passed: true });
    expect(cpu.gradients.every(({ worst }) => worst < 1e-5)).toBe(true);
    expect(cpu.speed[0].gflops).toBeGreaterThan(0);
  });
});
