/**
 * @file How fast MIDI files become tokens, against two public readers, on the same files in one run.
 *
 *   npm run build && npx tsx bench/prepare.ts [folder] [--repeats 3]
 *
 * Each measurement is a process of its own, so that none warms or burdens the next, and they take turns. `midi-file`
 * and our reader see all files; `@tonejs/midi`, which takes minutes for that, sees every 20th, and so do we beside it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./machine.ts";

const jobs = {
  /** Bytes → notes, pedals and tempo map in seconds. */
  async performance(files: readonly Uint8Array[]) {
    const { readPerformance } = await import("rubato/midi");
    return files.reduce((sum, bytes) => sum + readPerformance(bytes).performance.notes.count, 0);
  },
  /** Bytes → tokens, sustain folded in. */
  async tokens(files: readonly Uint8Array[]) {
    const { readPerformance } = await import("rubato/midi");
    const { openRepresentation } = await import("rubato/representations");
    const representation = openRepresentation("performance");
    return files.reduce(
      (sum, bytes) => sum + representation.encode(readPerformance(bytes).performance).length,
      0,
    );
  },
  /** Bytes → events, no notes. */
  async "midi-file"(files: readonly Uint8Array[]) {
    const { parseMidi } = await import("midi-file");
    return files.reduce(
      (sum, bytes) => sum + parseMidi(bytes).tracks.reduce((all, track) => all + track.length, 0),
      0,
    );
  },
  /** Bytes → notes. */
  async tonejs(files: readonly Uint8Array[]) {
    const { Midi }: typeof import("@tonejs/midi") = createRequire(import.meta.url)("@tonejs/midi");
    return files.reduce(
      (sum, bytes) => sum + new Midi(bytes).tracks.reduce((all, track) => all + track.notes.length, 0),
      0,
    );
  },
};

type Job = keyof typeof jobs;

const isJob = (name: string): name is Job => name in jobs;

interface Measured {
  readonly seconds: number;
  readonly count: number;
  /** Largest resident set, MB, the files in memory included. */
  readonly memory: number;
}

const self = fileURLToPath(import.meta.url);
const args = process.argv.slice(2);

if (args[0] === "--job") {
  const [, name, folder, every] = args;
  const files = midiFiles(folder)
    .filter((_, i) => i % Number(every) === 0)
    .map((path) => new Uint8Array(readFileSync(path)));
  const began = performance.now();
  if (!isJob(name)) throw new Error(`unknown job ${name}`);
  const count = await jobs[name](files);
  const seconds = (performance.now() - began) / 1000;
  const measured: Measured = { seconds, count, memory: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(measured));
} else {
  const repeats = args.includes("--repeats") ? Number(args[args.indexOf("--repeats") + 1]) : 3;
  const folder =
    args.find((word, i) => !word.startsWith("--") && args[i - 1] !== "--repeats") ??
    "../shared/data/maestro-v3.0.0";
  compare(folder, repeats);
}

function compare(folder: string, repeats: number): void {
  const all = midiFiles(folder).length;
  if (all === 0) {
    console.log(`no MIDI files in ${folder}: give a folder that holds some`);
    process.exit(1);
  }
  console.log(`${describeMachine()}; ${all} files of ${folder}, best of ${repeats}, taking turns\n`);
  const whole = race(["tokens", "performance", "midi-file"], folder, 1, repeats);
  const sample = race(["performance", "tonejs"], folder, 20, repeats);
  const rows = [
    ["bytes to tokens, sustain folded (one thread)", whole("tokens"), undefined],
    ["bytes to notes and pedals", whole("performance"), undefined],
    ["midi-file 1.2: bytes to events", whole("midi-file"), whole("performance")],
    [`bytes to notes and pedals, every 20th file`, sample("performance"), undefined],
    [`@tonejs/midi 2.0: bytes to notes, every 20th file`, sample("tonejs"), sample("performance")],
  ] as const;
  console.log("| work | seconds | memory, MB | ours is faster by |");
  console.log("|---|--:|--:|--:|");
  for (const [work, measured, ours] of rows) {
    const ratio = ours === undefined ? "" : `${(measured.seconds / ours.seconds).toFixed(1)} ×`;
    console.log(`| ${work} | ${measured.seconds.toFixed(2)} | ${measured.memory.toFixed(0)} | ${ratio} |`);
  }
  console.log(`\n${whole("tokens").count} tokens, ${whole("performance").count} notes\n`);
  prepareWithWorkers(folder, repeats);
}

/** The best run of each job, as a function of its name. */
function race(
  names: readonly Job[],
  folder: string,
  every: number,
  repeats: number,
): (name: Job) => Measured {
  const best = new Map<Job, Measured>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of names) {
      const output = execFileSync(
        process.execPath,
        ["--import", "tsx", self, "--job", name, folder, String(every)],
        { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
      );
      const measured: Measured = JSON.parse(output);
      const before = best.get(name);
      if (before === undefined || measured.seconds < before.seconds) best.set(name, measured);
    }
  }
  return (name) => best.get(name) ?? { seconds: Number.NaN, count: 0, memory: Number.NaN };
}

/** The whole command, from start to a corpus on disk. */
function prepareWithWorkers(folder: string, repeats: number): void {
  const target = mkdtempSync(join(tmpdir(), "rubato-bench-"));
  const best = new Map<number, number>();
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const workers of [1, 2]) {
        const out = join(target, `${repeat}-${workers}`);
        const began = performance.now();
        const { status } = spawnSync(
          process.execPath,
          [
            fileURLToPath(new URL("../dist/cli/main.js", import.meta.url)),
            "prepare",
            folder,
            "--out",
            out,
            "--workers",
            String(workers),
          ],
          { stdio: ["ignore", "ignore", "inherit"] },
        );
        if (status !== 0) throw new Error(`prepare ended with ${status}`);
        best.set(
          workers,
          Math.min(best.get(workers) ?? Number.POSITIVE_INFINITY, (performance.now() - began) / 1000),
        );
        rmSync(out, { recursive: true });
      }
    }
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  const [one, two] = [best.get(1) ?? Number.NaN, best.get(2) ?? Number.NaN];
  console.log("| rubato prepare, start to corpus on disk | seconds |");
  console.log("|---|--:|");
  console.log(`| --workers 1 | ${one.toFixed(2)} |`);
  console.log(`| --workers 2 | ${two.toFixed(2)} (${(one / two).toFixed(2)} × as fast) |`);
}

function midiFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.midi?$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}
