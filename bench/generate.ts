/**
 * @file Generation as people ask for it: events a second through the command's workflow, milliseconds per event of a stream,
 * and from the start of a process to its first event.
 *
 *     npm run build
 *     npx tsx bench/generate.ts --events 2000 --rounds 3
 *     npx tsx bench/generate.ts --model piano
 *
 * Unless a model is named, those that are measured have learnt nothing: an LSTM and a GRU of 3 × 512, and a Transformer of
 * 6 × 256 that looks back 512 steps.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { nodePlatform } from "../src/platform/node/index.ts";
import { openStage, stepOf } from "../src/workflows/generate/stage.ts";
import { findModel, generate, playableOf } from "../src/workflows/index.ts";
import { writeTinyModel } from "../test/fixtures/tiny-model.ts";
import { describeMachine } from "./machine.ts";
import { quantile } from "./music-figures.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    events: { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
  },
});
const numbers = z.object({
  events: z.coerce.number(),
  rounds: z.coerce.number(),
  threads: z.coerce.number(),
});
const { events, rounds, threads } = numbers.parse(values);
const platform = nodePlatform();

console.log(describeMachine());
console.log(
  `${events} events a piece, ${threads} threads, best of ${rounds}; p50 and p99: of a stream on one thread, milliseconds per event; ` +
    "heard: per note-on or note-off, which takes a shift of time or two and a velocity besides\n",
);
console.log(
  "| model | precision | events/s | 2 pieces side by side | p50 | p99 | heard p99 | first event, s |",
);
console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
const folder = mkdtempSync(join(tmpdir(), "rubato-bench-"));
try {
  for (const [name, path] of await subjects()) {
    for (const precision of ["float32", "int8"] as const) await measure(name, path, precision);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function subjects(): Promise<readonly (readonly [string, string])[]> {
  if (values.model !== undefined) return [[values.model, values.model]];
  const shapes = [
    ["lstm", { layers: 3, hiddenSize: 512 }],
    ["gru", { layers: 3, hiddenSize: 512 }],
    ["transformer", { layers: 6, features: 256, heads: 4, reach: 512 }],
  ] as const;
  return Promise.all(
    shapes.map(async ([model, config]) => {
      const path = join(folder, model);
      await writeTinyModel(platform, path, { model, config, noise: 0.02 });
      return [model, path] as const;
    }),
  );
}

async function measure(name: string, path: string, precision: "float32" | "int8"): Promise<void> {
  const rates: [number, number] = [0, 0];
  let best = {
    p50: Number.POSITIVE_INFINITY,
    p99: Number.POSITIVE_INFINITY,
    heard: Number.POSITIVE_INFINITY,
  };
  let start = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const alone = { model: path, seed: round, events, precision, threads, output: join(folder, "out") };
    rates[0] = Math.max(rates[0], (await generate(platform, alone)).eventsPerSecond);
    const pair = { ...alone, samples: 2, batch: 2, threads: 1 };
    rates[1] = Math.max(rates[1], (await generate(platform, pair)).eventsPerSecond);
    const stream = await streamed(path, precision);
    if (stream.p99 < best.p99) best = stream;
    if (precision === "float32") start = Math.min(start, timeToFirst(path));
  }
  const cells = [
    name,
    precision,
    Math.round(rates[0]).toLocaleString("en"),
    Math.round(rates[1]).toLocaleString("en"),
    best.p50.toFixed(2),
    best.p99.toFixed(2),
    best.heard.toFixed(2),
    Number.isFinite(start) ? start.toFixed(2) : "",
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Between one event and the next, over a stage like that of a `MusicModel`, whose passages tell each event that is drawn. */
async function streamed(path: string, precision: "float32" | "int8") {
  const playable = playableOf(await findModel(platform, path));
  const stage = await openStage(platform.runtime, playable, stepOf(playable, precision), {
    inline: true,
    threads: 1,
  });
  const drawn: number[] = [];
  const heard: number[] = [];
  let afterDrawn: number | undefined;
  let afterHeard: number | undefined;
  for await (const passage of stage.play({ events })) {
    const now = performance.now();
    if (afterDrawn !== undefined) drawn.push(now - afterDrawn);
    afterDrawn = now;
    if (passage.events.length === 0) continue;
    if (afterHeard !== undefined) heard.push(now - afterHeard);
    afterHeard = now;
  }
  await stage.dispose();
  return { p50: quantile(drawn, 0.5), p99: quantile(drawn, 0.99), heard: quantile(heard, 0.99) };
}

/** Seconds from nothing, as whoever installed the package has it: Node itself, the library, the model, its first event. */
function timeToFirst(path: string): number {
  const begin = performance.now();
  const library = new URL("../dist/node.js", import.meta.url).href;
  const program = `
    const { Model } = await import(${JSON.stringify(library)});
    const model = await Model.fromPretrained(${JSON.stringify(path)});
    for await (const _ of model.events({ seconds: 30 })) break;
    process.exit(0);`;
  execFileSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
  return (performance.now() - begin) / 1000;
}
