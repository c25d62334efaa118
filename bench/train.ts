/**
 * @file What training through the command costs beside the engine's own step: batches, augmentation, logging, averages. Both
 * take turns in one process each, over the same model and batch.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/train.ts /tmp/corpus [--preset transformer] [--seconds 60] [--rounds 3]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { presetLayer, readLayers } from "../src/workflows/train/layers.ts";
import { presetOf } from "../src/workflows/train/presets.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    preset: { type: "string", default: "transformer" },
    seconds: { type: "string", default: "60" },
    rounds: { type: "string", default: "3" },
  },
  allowPositionals: true,
});
const [corpus] = positionals;
if (corpus === undefined) throw new Error("give a corpus: see the top of bench/train.ts");

const { model, optimiser, training } = readLayers([
  presetLayer(values.preset, presetOf(values.preset).configuration),
]);
const root = fileURLToPath(new URL("..", import.meta.url));
const run = (script: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, ["--import", "tsx", `${root}${script}`, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

const engineSchema = z.object({ tokens: z.number(), times: z.array(z.number()) });
function engine(): number {
  const task = {
    model: model.name,
    config: model.config,
    optimiser: optimiser.name,
    micro: training.batchSize,
    parts: training.accumulate,
    window: training.window,
    workers: 1,
    threads: 2,
    spinning: "within runs",
    repeats: 8,
  };
  const { tokens, times } = engineSchema.parse(
    JSON.parse(run("bench/engine/train.ts", JSON.stringify(task))),
  );
  return tokens / median(times);
}

/** The median of what its own lines say, validations left out. */
function command(): number {
  const folder = mkdtempSync(join(tmpdir(), "rubato-bench-"));
  try {
    const out = join(folder, "run");
    const set = ["validation.every=1000000", "validation.events=2000", "samples.every=0"];
    run(
      "src/cli/main.ts",
      "train",
      String(corpus),
      "--preset",
      values.preset,
      "--for",
      `${values.seconds}s`,
      "--threads",
      "2",
      "--out",
      out,
      ...set.flatMap((each) => ["--set", each]),
    );
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) =>
        z.object({ tokens: z.number().optional(), seconds: z.number().optional() }).parse(JSON.parse(line)),
      )
      .flatMap(({ tokens, seconds }) =>
        tokens === undefined || seconds === undefined ? [] : [{ tokens, seconds }],
      );
    // From the third line on: the first updates pay for what is made ready once.
    const speeds = lines.slice(3).map(({ tokens, seconds }, i) => {
      const before = lines[i + 2];
      return (tokens - before.tokens) / (seconds - before.seconds);
    });
    return median(speeds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

console.log(`${describeMachine()}; preset ${values.preset}\n`);
console.log("| tokens/s | engine's step | through the command | ratio |");
console.log("|---|--:|--:|--:|");
for (let round = 1; round <= Number(values.rounds); round++) {
  const [bare, whole] = [engine(), command()];
  console.log(
    `| round ${round} | ${Math.round(bare)} | ${Math.round(whole)} | ${(whole / bare).toFixed(3)} |`,
  );
}
