/** @file Every example runs, and says what it should. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../examples", import.meta.url));

/** A few words that each example has to print. */
const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  "01-read-a-performance.ts": ["4 notes, 2 pedal movements, 2 s", "0.25 to 0.45 s: pitch 64, velocity 68"],
  "02-tokens.ts": [
    "performance (388 tokens):",
    "note-on:60",
    "pedal-down",
    "shift:0.52745 pitch:60 velocity:20 duration:2.57203",
  ],
  "03-corpus-and-batches.ts": [
    "8 pieces for training, 2 for validation",
    /4 × 16, \d+ targets; the first row begins \S+/,
  ],
  "04-train-a-model.ts": [
    // Who knows nothing takes each of 12 pitches for as likely as the others: ln 12 = 2.485.
    /step 0: loss 2\.[45]\d\d\n/,
    /step 200: loss 0\.0\d\d\n/,
    "C4 D4 F#4 A4 D5 F#4 A4 D5\n96 of 96 notes are Bach's",
  ],
  "05-export-and-run.ts": [
    "checkpoint: config.json, model.safetensors",
    /step\.onnx: \d+ bytes, tokens, state\.layers\.0\.hidden, state\.layers\.0\.cell/,
    /untrained, it plays: velocity:16( (note-on|note-off|time-shift|velocity):\d+){11}\n/,
  ],
};

describe("examples", () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith(".ts")))("%s runs", (name) => {
    const output = execFileSync(process.execPath, ["--import", "tsx", `${folder}/${name}`], {
      encoding: "utf8",
    });
    expect(expected[name]).toBeDefined();
    for (const words of expected[name]) expect(output).toMatch(words);
  });
});
