/**
 * @file Which model learns most in the same time: every preset is trained by the command for as long as the others, one after
 * the other, and measured on the same held-out pieces.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/compare-models.ts /tmp/corpus [--for 8m] [--presets transformer,lstm,gru] [--seeds 1] [--limit 20]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    for: { type: "string", default: "8m" },
    presets: { type: "string", default: "transformer,lstm,gru" },
    seeds: { type: "string", default: "1" },
    limit: { type: "string", default: "20" },
  },
  allowPositionals: true,
});
const [corpus] = positionals;
if (corpus === undefined) throw new Error("give a corpus: see the top of bench/compare-models.ts");

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const rubato = (...args: readonly string[]): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ["--import", "tsx", main, ...args, "--json"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
const trainedSchema = z.object({
  parameters: z.number(),
  standing: z.object({ step: z.number(), tokens: z.number() }),
});
const evaluatedSchema = z.object({
  protocols: z.array(z.object({ natsPerEvent: z.number(), accuracy: z.number() })).min(1),
});

console.log(
  `${describeMachine()}; ${values.for} each, ${values.limit} validation pieces, segments of 2,048\n`,
);
console.log("| preset | seed | parameters | updates | million events | nats per event | foretold |");
console.log("|---|--:|--:|--:|--:|--:|--:|");
for (const seed of values.seeds.split(",")) {
  for (const preset of values.presets.split(",")) {
    const folder = mkdtempSync(join(tmpdir(), "rubato-compare-"));
    try {
      const out = join(folder, "run");
      const set = ["samples.every=0", "validation.events=50000", "validation.patience=0"];
      const { parameters, standing } = trainedSchema.parse(
        rubato(
          "train",
          corpus,
          "--preset",
          preset,
          "--for",
          values.for,
          "--seed",
          seed,
          "--out",
          out,
          ...set.flatMap((each) => ["--set", each]),
        ),
      );
      const { protocols } = evaluatedSchema.parse(
        rubato("evaluate", out, corpus, "--protocol", "segments", "--limit", values.limit, "--no-floors"),
      );
      const [{ natsPerEvent, accuracy }] = protocols;
      console.log(
        `| ${preset} | ${seed} | ${parameters.toLocaleString("en")} | ${standing.step} | ${(standing.tokens / 1e6).toFixed(1)} | ${natsPerEvent.toFixed(3)} | ${(100 * accuracy).toFixed(1)} % |`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
