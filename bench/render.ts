/**
 * @file How fast music becomes sound: seconds of sound a second, on one thread, decoding included.
 *
 *   npm run build && npx tsx bench/render.ts [file.mid …]
 *
 * Each row is a process of its own, so that nothing is decoded or compiled before it. "Dense" is 40 notes a second from
 * 60 keys at all velocities, with the pedal down for three seconds of four. CPU is what the process used in all, which
 * on a busy machine says more than the clock.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeMp3, encodeWav, openPiano, renderPerformance, samplesFor } from "rubato/audio";
import { readPerformance } from "rubato/midi";
import { createPerformance, type Performance } from "rubato/music";
import { nodePlatform } from "rubato/node";
import { createRandom } from "../src/util/random.ts";
import { describeMachine } from "./machine.ts";

interface Measured {
  readonly notes: number;
  readonly recordings: number;
  /** Seconds of sound. */
  readonly sound: number;
  /** Seconds by the clock. */
  readonly read: number;
  readonly render: number;
  readonly wav: number;
  readonly mp3: number;
  readonly cpu: number;
  /** MB, after rendering. */
  readonly memory: number;
}

function dense(seconds: number): Performance {
  const random = createRandom(1);
  return createPerformance({
    notes: Array.from({ length: 40 * seconds }, (_, i) => ({
      start: i / 40,
      end: i / 40 + 0.1 + 0.4 * random.next(),
      pitch: 30 + random.integer(60),
      velocity: 25 + random.integer(95),
    })),
    pedals: Array.from({ length: seconds }, (_, i) => ({
      time: i,
      controller: 64,
      value: i % 4 === 3 ? 0 : 127,
    })),
  });
}

async function measure(name: string): Promise<Measured> {
  const music = name === "dense" ? dense(60) : readPerformance(readFileSync(name)).performance;
  const times = [performance.now()];
  const names = samplesFor(music);
  const piano = await openPiano(nodePlatform().readPackageFile, names);
  times.push(performance.now());
  const before = process.cpuUsage();
  const audio = await renderPerformance(music, piano);
  const { user, system } = process.cpuUsage(before);
  const memory = process.memoryUsage.rss();
  times.push(performance.now());
  encodeWav(audio);
  times.push(performance.now());
  await encodeMp3(audio);
  times.push(performance.now());
  const [read, render, wav, mp3] = times.slice(1).map((time, i) => (time - times[i]) / 1000);
  return {
    ...{ notes: music.notes.count, recordings: names.length },
    sound: audio.channels[0].length / audio.sampleRate,
    ...{ read, render, wav, mp3 },
    ...{ cpu: (user + system) / 1e6, memory: memory / 1e6 },
  };
}

const job = process.argv[2] === "--one" ? process.argv[3] : undefined;
if (job !== undefined) process.stdout.write(JSON.stringify(await measure(job)));
else {
  console.log(`${describeMachine()}\n`);
  console.log(
    "| music | notes | recordings | sound, s | reading, s | rendering, s | CPU, s | sound per second | WAV, s | MP3, s | memory, MB |",
  );
  console.log("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (const name of ["dense", ...process.argv.slice(2)]) {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--one", name];
    const measured: Measured = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
    const { notes, recordings, sound, read, render, cpu, wav, mp3, memory } = measured;
    const seconds = [sound, read, render, cpu].map((value) => value.toFixed(2));
    const rest = [(sound / render).toFixed(1), wav.toFixed(2), mp3.toFixed(2), memory.toFixed(0)];
    console.log(`| ${[basename(name), notes, recordings, ...seconds, ...rest].join(" | ")} |`);
  }
}
