/** @file `rubato compat` as it is typed: what belongs to whom, exit codes, and the environment. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireBuild, rubatoIn } from "./fixtures/command.ts";
import { midiBytes } from "./fixtures/memory-corpus.ts";
import { odeToJoy } from "./music/tunes.ts";

let folder = "";
const compat = (...words: string[]) => rubatoIn(folder, ["compat", ...words]);

beforeAll(() => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), "rubato-compat-command-"));
  mkdirSync(join(folder, "songs"));
  writeFileSync(join(folder, "songs", "ode.mid"), midiBytes(odeToJoy));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("shows what a line stands for, and does nothing with --dry-run", () => {
  const { code, out, err } = compat(
    "--dry-run",
    "--seed",
    "3",
    "python",
    "generate.py",
    "--seed",
    "60,62,64",
  );
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(
    "rubato generate --model music_rnn_model.pth --output generated_music.mid --seed 3 --notes 500 --additional --temperature 1 --seed-notes 60,62,64\n",
  );
});

it("does it, tells our command on standard error, and answers JSON", () => {
  const { code, out, err } = compat(
    "--json",
    "PERFORMANCE_RNN_MIDI_DIR=songs",
    "python",
    "scripts/preprocess.py",
  );
  expect(code).toBe(0);
  expect(err).toContain("rubato prepare songs --out data/processed/corpus --representation performance");
  expect(JSON.parse(out)).toMatchObject({
    system: "performance-rnn-torch",
    native: [{ workflow: "prepare" }],
    pointers: [{ path: "data/processed/midi.json" }, { leadsTo: "songs/ode.mid" }],
    results: [{ out: "data/processed/corpus" }],
  });
});

it("leaves flags after the line's first word to the line, --help too", () => {
  const theirs = compat("performance_rnn_train", "--help");
  expect([theirs.code, theirs.err]).toEqual([0, ""]);
  expect(theirs.out).toContain("--num_training_steps");
  const ours = compat("--help");
  expect(ours.out).toContain("--dry-run");
  expect(ours.out).not.toContain("--num_training_steps");
});

it.each([
  [["python", "scripts/optimization_routine.py", "--n-trials", "20"], 3, /^searching .* comes later.*\n$/],
  [["python", "scripts/train.py", "--num-epoch", "3"], 2, /^rubato: found --num-epoch, .*did you mean.*\n$/],
  [["--system", "magenta", "python", "train.py"], 2, /--system/],
  [["python", "generate.py", "--vocab", "none.pkl"], 2, /^rubato: .*"music_rnn_model.pth".*\n$/],
])("%j has exit code %d", (words, exitCode, sentence) => {
  const { code, out, err } = compat(...words);
  expect({ code, out }).toEqual({ code: exitCode, out: "" });
  expect(err.split("\n").slice(-2).join("\n")).toMatch(sentence);
  expect(err).not.toContain("    at ");
});
