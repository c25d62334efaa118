/**
 * @file Breaks MIDI files and demands that every one is read or refused: `npx tsx tools/fuzz-midi.ts --count 100000
 * --seed 1`. Prints a summary as JSON; leaves with 1 where a law broke, a file took a second, or memory grew by 200 MB.
 */
import { parseArgs } from "node:util";
import { messageOf } from "../src/util/errors.ts";
import { createRandom } from "../src/util/random.ts";
import { mutate } from "../test/midi/mutate.ts";
import { undergo } from "../test/midi/ordeal.ts";
import { edgeCaseSeeds, madeSeeds } from "../test/midi/seeds.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const count = Number(values.count);
const longest = 1_000;
const mostMemory = 200e6;
/** Files after which the compiler and the collector have found their size. */
const warmUp = Math.min(1_000, Math.floor(count / 10));
const keptFailures = 20;

const edgeCases = edgeCaseSeeds();
// The files made here are few, and each of another kind: they get a third of the turns.
const turns = Math.max(1, Math.ceil(edgeCases.length / 2 / madeSeeds.length));
const seeds = [...edgeCases, ...Array.from({ length: turns }, () => madeSeeds).flat()];

const random = createRandom(values.seed);
const outcomes = { refused: 0, clean: 0, mended: 0 };
const failures: string[] = [];
let failed = 0;
let notes = 0;
let slowest = { milliseconds: 0, file: "" };
let baseline = 0;
let peak = 0;
const begin = performance.now();
for (let i = 0; i < count; i++) {
  if (i === warmUp) baseline = process.memoryUsage.rss();
  const { bytes, names } = mutate(seeds, random);
  const file = `${i}: ${names.join(", ")}`;
  const from = performance.now();
  try {
    const verdict = undergo(bytes);
    outcomes[verdict.outcome]++;
    notes += verdict.notes;
  } catch (error) {
    failed++;
    if (failures.length < keptFailures) failures.push(`${file}: ${messageOf(error)}`);
  }
  const milliseconds = performance.now() - from;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, file };
  if (i % 64 === 0) peak = Math.max(peak, process.memoryUsage.rss());
}
// The kernel's own high-water mark, which no sampling misses; it counts from the start of the process.
const highWater = process.resourceUsage().maxRSS * 1024;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);
const growth = Math.max(peak, highWater) - baseline;
const ok = failed === 0 && slowest.milliseconds < longest && growth < mostMemory;
console.log(
  JSON.stringify(
    {
      ok,
      count,
      seed: values.seed,
      seeds: { edgeCases: edgeCases.length, made: madeSeeds.length },
      outcomes,
      notes,
      failed,
      failures,
      seconds: Math.round((performance.now() - begin) / 100) / 10,
      slowest: { ...slowest, milliseconds: Math.round(slowest.milliseconds) },
      memoryMB: {
        baselineAfterWarmUp: megabytes(baseline),
        highWater: megabytes(highWater),
        growth: megabytes(growth),
      },
      node: process.version,
    },
    null,
    2,
  ),
);
process.exitCode = ok ? 0 : 1;
