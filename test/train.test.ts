/** @file `rubato train` from end to end: killed and resumed, interrupted, tuned, on a full disk, with bad input. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ended, requireBuild, rubatoIn, startRubato } from "./fixtures/command.ts";
import { midiBytes, randomMusic } from "./fixtures/memory-corpus.ts";
import { mountSmallDisk } from "./fixtures/small-disk.ts";
import { odeToJoy, preludeInC } from "./music/tunes.ts";

let folder = "";
const at = (...parts: string[]) => join(folder, ...parts);
const rubato = (...args: string[]) => rubatoIn(folder, args);

function put(files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), bytes);
  }
}

/** Errors of the user are one line that begins with the name of the command. */
function expectSentence(run: { code: number | null; err: string }, code: number, words: string): void {
  const last = run.err.trim().split("\n").at(-1) ?? "";
  expect({ code: run.code, last }).toEqual({ code, last: expect.stringContaining(words) });
  expect(last).toMatch(/^rubato: /);
}

const set = (...pairs: string[]) => pairs.flatMap((pair) => ["--set", pair]);
const small = set(
  "model.config.features=16",
  "model.config.layers=1",
  "model.config.heads=2",
  "model.config.reach=8",
);
const quick = [...small, "--batch-size", "2", "--window", "16", "--threads", "1"];
const weights = (run: string, which = "last") =>
  readFileSync(at(run, "checkpoints", which, "model.safetensors"));
const optimiser = (run: string) => readFileSync(at(run, "checkpoints", "last", "optimiser.safetensors"));
const lines = (run: string) =>
  readFileSync(at(run, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

beforeAll(() => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), "rubato-train-"));
  put({ "one.mid": midiBytes(preludeInC) });
  for (let i = 0; i < 8; i++) put({ [`songs/piece-${i}.mid`]: midiBytes(randomMusic(i, 150)) });
  expect(rubato("prepare", "songs", "--out", "songs-corpus").code).toBe(0);
});

afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

describe("a run", () => {
  it("is a folder with configuration, curves, checkpoints and a card, which says how to do it again", () => {
    const done = rubato(
      "train",
      "songs-corpus",
      ...quick,
      "--steps",
      "12",
      "--out",
      "whole",
      "--seed",
      "3",
      "--json",
    );
    expect(done.code).toBe(0);
    const trained = JSON.parse(done.out);
    expect(trained).toMatchObject({
      folder: "whole",
      state: "finished",
      standing: { step: 12, ended: "finished" },
    });
    for (const file of ["config.yaml", "metrics.jsonl", "README.md", "checkpoints/best/config.json"]) {
      expect(existsSync(at("whole", file))).toBe(true);
    }
    expect(readFileSync(at("whole/README.md"), "utf8")).toContain("rubato train songs-corpus");
    // The configuration alone repeats it, to the byte.
    expect(rubato("train", "--config", "whole/config.yaml", "--threads", "1", "--out", "again").code).toBe(0);
    expect(weights("again").equals(weights("whole"))).toBe(true);
    const other = rubato(
      "train",
      "--config",
      "whole/config.yaml",
      "--threads",
      "1",
      "--out",
      "other",
      "--seed",
      "4",
    );
    expect(other.code).toBe(0);
    expect(weights("other").equals(weights("whole"))).toBe(false);
  });

  it.each([
    ["transformer", quick],
    [
      "lstm",
      [
        "--preset",
        "lstm",
        ...set("model.config.hiddenSize=12", "model.config.layers=2", "model.config.dropout=0.2"),
        "--batch-size",
        "2",
        "--window",
        "16",
        "--threads",
        "1",
      ],
    ],
  ])("of a %s that is killed at any moment goes on bit for bit", async (name, options) => {
    const common = [...options, "--steps", "40", ...set("validation.every=7", "checkpoints.minutes=0.0001")];
    expect(rubato("train", "songs-corpus", ...common, "--out", `${name}-straight`).code).toBe(0);
    const run = `${name}-killed`;
    let kills = 0;
    let args = ["train", "songs-corpus", ...common, "--out", run];
    for (const until of [2, 15, 29]) {
      const child = startRubato(folder, args);
      const end = ended(child);
      const config = at(run, "checkpoints/last/training.json");
      const timer = setInterval(() => {
        if (!existsSync(config)) return;
        const { step } = JSON.parse(readFileSync(config, "utf8") || "{}").position ?? {};
        if (step >= until) child.kill("SIGKILL");
      }, 3);
      const { code } = await end;
      clearInterval(timer);
      if (code === null) kills++;
      // Whatever the moment, there is a checkpoint that can be opened.
      args = ["train", "--resume", run, "--threads", "1"];
      if (code === 0) break;
    }
    expect(kills).toBeGreaterThan(0);
    const last = rubato(...args);
    expect(last.err).not.toContain("fault of ours");
    expect(weights(run).equals(weights(`${name}-straight`))).toBe(true);
    expect(optimiser(run).equals(optimiser(`${name}-straight`))).toBe(true);
    expect(weights(run, "best").equals(weights(`${name}-straight`, "best"))).toBe(true);
    // Counters never start again, and no validation is told of twice.
    const told = lines(run).filter((line) => "validation/loss" in line);
    expect(told).toEqual(lines(`${name}-straight`).filter((line) => "validation/loss" in line));
  });

  it("that is asked to stop ends after the update, with a checkpoint to go on from", async () => {
    const child = startRubato(folder, [
      "train",
      "songs-corpus",
      ...quick,
      "--steps",
      "100000",
      ...set("validation.every=20"),
      "--out",
      "stopped",
    ]);
    const end = ended(child);
    let asked = false;
    const timer = setInterval(() => {
      if (asked || !existsSync(at("stopped/checkpoints/best/config.json"))) return;
      asked = child.kill("SIGINT");
    }, 20);
    const { code } = await end;
    clearInterval(timer);
    expect(code).toBe(130);
    expect(existsSync(at("stopped/checkpoints/last/config.json"))).toBe(true);
    expect(lines("stopped").at(-1)).toMatchObject({ state: "interrupted" });
  });

  it("stops early where validation no longer improves, and keeps what was best", () => {
    const options = [
      ...quick,
      "--steps",
      "400",
      "--learning-rate",
      "3",
      ...set("validation.every=5", "validation.patience=2", "training.averageDecay=0"),
    ];
    const done = rubato("train", "songs-corpus", ...options, "--out", "early", "--json");
    const { standing } = JSON.parse(done.out);
    expect(standing).toMatchObject({ ended: "stopped early", waited: 2 });
    expect(standing.step).toBeLessThan(400);
    const losses = lines("early").flatMap((line) => line["validation/loss"] ?? []);
    expect(standing.best).toBe(Math.min(...losses));
    expect(weights("early", "best").equals(weights("early"))).toBe(false);
    expectSentence(rubato("train", "--resume", "early"), 2, "begin another with --from early");
  });

  it("that is given a time is done by then, its schedule at the end", () => {
    const begin = Date.now();
    const done = rubato(
      "train",
      "songs-corpus",
      ...quick,
      "--for",
      "12s",
      "--out",
      "timed",
      ...set("validation.patience=0"),
      "--json",
    );
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out).standing.ended).toBe("finished");
    expect(Date.now() - begin).toBeLessThan(60_000);
    const rates = lines("timed").flatMap((line) => line["train/learning_rate"] ?? []);
    expect(rates.at(-1)).toBeLessThan(Math.max(...rates) / 2);
  });
});

describe("tuning", () => {
  it("begins with another model's weights, on one piece, whose last tenth validates", () => {
    const tuned = rubato(
      "train",
      "one.mid",
      "--from",
      "whole",
      "--out",
      "tuned",
      "--steps",
      "3",
      "--window",
      "16",
      "--batch-size",
      "2",
      "--threads",
      "1",
      "--json",
    );
    expect(tuned.code).toBe(0);
    expect(tuned.err).toContain("the last 10 % of the piece is kept from training");
    const config = JSON.parse(readFileSync(at("tuned/checkpoints/last/config.json"), "utf8"));
    expect(config.provenance.parent).toMatchObject({ path: "whole" });
    expect(config.model.configuration).toMatchObject({ features: 16, reach: 8 });
  });

  it("moves from where the weights were, not from new ones", () => {
    const still = rubato(
      "train",
      "one.mid",
      "--from",
      "whole",
      "--out",
      "still",
      "--steps",
      "1",
      "--learning-rate",
      "1e-12",
      "--window",
      "16",
      "--batch-size",
      "2",
      "--threads",
      "1",
    );
    expect(still.code).toBe(0);
    const distance = (a: Buffer, b: Buffer) => {
      const numbers = (bytes: Buffer) => {
        const header = Number(bytes.readBigUInt64LE(0));
        return new Float32Array(
          bytes.buffer.slice(bytes.byteOffset + 8 + header, bytes.byteOffset + bytes.length),
        );
      };
      const [x, y] = [numbers(a), numbers(b)];
      return x.reduce((most, each, i) => Math.max(most, Math.abs(each - y[i])), 0);
    };
    expect(distance(weights("still"), weights("whole", "best"))).toBeLessThan(1e-6);
  });
});

describe("what cannot be is refused in one sentence, and nothing is lost", () => {
  it("a configuration with a misspelt option", () => {
    put({ "bad.yaml": "training:\n  epoch: 3\n" });
    const run = rubato("train", "songs-corpus", "--config", "bad.yaml", "--out", "never");
    expectSentence(run, 2, "bad.yaml, line 2, column 3: found `training.epoch`");
    expect(run.err).toContain('did you mean "epochs"?');
    expect(existsSync(at("never"))).toBe(false);
  });

  it("a seed that is a list of notes", () => {
    expectSentence(rubato("train", "songs-corpus", "--seed", "60,62,64"), 2, "--seed-notes");
  });

  it("no corpus, an empty folder, an unknown device and a folder that is taken", () => {
    expectSentence(rubato("train"), 2, "found no corpus");
    mkdirSync(at("empty"));
    expectSentence(rubato("train", "empty"), 1, "empty");
    expectSentence(rubato("train", "songs-corpus", "--device", "cuda"), 2, 'found no device "cuda"');
    expectSentence(rubato("train", "songs-corpus", ...quick, "--out", "whole"), 2, "--resume whole");
  });

  it("another representation than that of the weights to begin with", () => {
    expect(
      rubato("prepare", "songs", "--out", "pedal-corpus", "--representation", "performance-pedal").code,
    ).toBe(0);
    // Most tokens of this one are known; of that one none are.
    const run = rubato(
      "train",
      "pedal-corpus",
      "--from",
      "whole",
      "--steps",
      "1",
      "--threads",
      "1",
      "--out",
      "moved",
    );
    expect(run).toMatchObject({ code: 0, err: expect.stringContaining("2 of 390 tokens are new to whole") });
    expect(rubato("prepare", "songs", "--out", "pitch-corpus", "--representation", "pitches").code).toBe(0);
    expectSentence(rubato("train", "pitch-corpus", "--from", "whole"), 1, "expected `performance`");
  });

  it("a split without music", () => {
    put({ "nothing/a.mid": midiBytes(odeToJoy) });
    expect(rubato("prepare", "songs", "--out", "unsplit", "--split", "1").code).toBe(0);
    // Without a validation split the tail of each piece validates; that is said, not refused.
    const run = rubato("train", "unsplit", ...quick, "--steps", "1", "--out", "tailed");
    expect(run.code).toBe(0);
    expect(run.err).toContain("the last 10 % of each piece");
  });

  it("windows longer than every piece are filled as far as they go", () => {
    const run = rubato(
      "train",
      "songs-corpus",
      ...small,
      "--batch-size",
      "2",
      "--window",
      "5000",
      "--steps",
      "2",
      "--threads",
      "1",
      "--out",
      "long",
      "--json",
    );
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out).standing.tokens).toBeGreaterThan(0);
  });

  it("a full disk: the checkpoint before stays", async (context) => {
    const disk = await mountSmallDisk(at("disk"), 900);
    if (disk.lacking !== undefined) return context.skip(disk.lacking);
    try {
      const options = [
        ...quick,
        ...set("checkpoints.minutes=0.0001", "validation.every=1000", "model.config.features=32"),
      ];
      const run = rubato("train", "songs-corpus", ...options, "--steps", "30", "--out", "disk/run");
      expectSentence(run, 1, "the disk is full");
      const told = rubato("train", "--resume", "disk/run", "--dry-run");
      expect(told.err).not.toContain("found no checkpoint");
      expect(told.code).toBe(0);
    } finally {
      disk.remove();
    }
  });
});
