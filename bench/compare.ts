/**
 * @file How long `rubato compare` takes: the first time, when anchors are fitted, ever after, and with the classifier.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx rubato generate --samples 64 --notes 600 --seed 1 --output /tmp/music
 *     npx tsx bench/compare.ts /tmp/corpus /tmp/music [--notes 512]
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { rubato } from "./command.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: { notes: { type: "string", default: "512" } },
  allowPositionals: true,
});
const [corpus, music] = positionals;
if (corpus === undefined || music === undefined) {
  throw new Error("give a corpus and music: see the top of bench/compare.ts");
}
const schema = z.object({
  secondsTaken: z.number(),
  systems: z.array(z.object({ excerpts: z.number() })).length(1),
});
const compare = (...options: readonly string[]) =>
  schema.parse(rubato("compare", music, "--against", corpus, "--notes", values.notes, ...options));

rmSync(join(corpus, `anchors-${values.notes}.json`), { force: true });
const rows = [
  ["anchors fitted, no classifier", compare("--no-classifier")],
  ["anchors kept, no classifier", compare("--no-classifier")],
  ["anchors kept, with the classifier", compare()],
] as const;
const [[, { systems }]] = rows;
console.log(`${describeMachine()}; ${systems[0].excerpts} excerpts of ${values.notes} notes\n`);
console.log("| rubato compare | seconds |");
console.log("| --- | --: |");
for (const [name, { secondsTaken }] of rows) console.log(`| ${name} | ${secondsTaken.toFixed(1)} |`);
