/**
 * @file Which model learns most in the same time: every preset is trained by the command for as long as the others, one after
 * the other, and measured on the same held-out pieces.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/compare-models.ts /tmp/corpus [--for 8m] [--presets transformer,lstm,gru] [--seeds 1] [--limit 20] \
 *       [--threads 2] [--keep runs]
 *
 * With `--keep` the runs stay in a folder, as `<preset>-<seed>`: bench/systems.ts listens to them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { rubato } from "./command.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    for: { type: "string", default: "8m" },
    presets: { type: "string", default: "transformer,lstm,gru" },
    seeds: { type: "string", default: "1" },
    limit: { type: "string", default: "20" },
    threads: { type: "string", default: "2" },
    keep: { type: "string" },
  },
  allowPositionals: true,
});
const [corpus] = positionals;
if (corpus === undefined) throw new Error("give a corpus: see the top of bench/compare-models.ts");

const trainedSchema = z.object({
  parameters: z.number(),
  standing: z.object({ step: z.number(), tokens: z.number() }),
});
const evaluatedSchema = z.object({
  protocols: z.array(z.object({ natsPerEvent: z.number(), accuracy: z.number() })).min(1),
});

console.log(
  `${describeMachine()}; ${values.for} each on ${values.threads} threads, ${values.limit} validation pieces, segments of 2,048\n`,
);
console.log("| preset | seed | parameters | updates | million events | nats per event | foretold |");
console.log("|---|--:|--:|--:|--:|--:|--:|");
for (const seed of values.seeds.split(",")) {
  for (const preset of values.presets.split(",")) {
    const folder = values.keep ?? mkdtempSync(join(tmpdir(), "rubato-compare-"));
    try {
      const out = join(folder, `${preset}-${seed}`);
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
          "--threads",
          values.threads,
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
      if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
    }
  }
}
