/**
 * @file Ten minutes in one go, seed after seed: whether the music falls silent, goes round in circles, or drifts away from what
 * pianists play. Ends with status 1 where it does.
 *
 *     npx tsx bench/long.ts [--model piano] [--seeds 16] [--minutes 10] [--corpus /tmp/corpus] [--temperature 1]
 *
 * Decoding is that of `rubato generate` unless `--temperature`, `--top-k`, `--top-p` or `--min-p` say otherwise. Without
 * `--corpus` the ranges of MAESTRO's training and validation splits hold; docs/explanation/long-pieces.md has the reasons of all limits.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { type MusicInput, musicSchema } from "../src/workflows/index.ts";
import { describeMachine } from "./machine.ts";
import {
  between,
  excerptsOf,
  figuresOfMusic,
  type MusicFigures,
  openCorpusAt,
  quantile,
} from "./music-figures.ts";
import { openPlayer, type Player } from "./player.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    corpus: { type: "string" },
    seeds: { type: "string", default: "16" },
    /** The first of them. */
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "10" },
    threads: { type: "string", default: "2" },
    temperature: { type: "string" },
    "top-k": { type: "string" },
    "top-p": { type: "string" },
    "min-p": { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const number = z.coerce.number();
const { seeds, seed, minutes, threads } = z
  .object({
    seeds: number.int().min(1),
    seed: number.int().min(0),
    minutes: number.gt(0),
    threads: number.int().min(1),
  })
  .parse(values);
const decoding = decodingOf();

/** Seconds; more is a gap. */
const longestGap = 5;
/** Of the same eight pitches, one time right after the other. */
const mostTurns = 4;

const ranged = ["notesPerSecond", "pitchClassEntropy", "velocitySpread"] as const;
type Ranged = (typeof ranged)[number];
const titles: Readonly<Record<Ranged, string>> = {
  notesPerSecond: "notes/s",
  pitchClassEntropy: "pitch classes, bits",
  velocitySpread: "spread of velocity",
};

interface Range {
  readonly least: number;
  readonly most: number;
}

type Ranges = Readonly<Record<Ranged, Range>>;

/** Of MAESTRO 3.0.0, as `--corpus` prints it. */
const maestro: Ranges = {
  notesPerSecond: { least: 2.22, most: 19.98 },
  pitchClassEntropy: { least: 2.61, most: 3.58 },
  velocitySpread: { least: 8.91, most: 27.13 },
};

interface Piece {
  readonly seed: number;
  readonly events: number;
  readonly seconds: number;
  readonly whole: MusicFigures;
  readonly secondHalf: MusicFigures;
  /** MB of the process: after a minute of music, and at the end. */
  readonly memory: { readonly early: number; readonly late: number };
  /** Why it fails; empty where it does not. */
  readonly faults: readonly string[];
}

/** How all pieces are drawn, what nobody asked for included. */
function decodingOf(): MusicInput {
  const given = {
    temperature: values.temperature,
    topK: values["top-k"],
    topP: values["top-p"],
    minP: values["min-p"],
  };
  const asked = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Number(value)]],
  );
  const { temperature, topK, topP, minP } = musicSchema.parse(Object.fromEntries(asked));
  return { temperature, topK, topP, minP };
}

interface Norm {
  readonly ranges: Ranges;
  /** What there is to say of the music that it comes from. */
  readonly lines: readonly string[];
}

/** The least and the most of all stretches of the corpus that are as long as half a piece. */
async function normOf(path: string): Promise<Norm> {
  const stretches: MusicFigures[] = [];
  for await (const { performance } of excerptsOf(await openCorpusAt(path), 30 * minutes)) {
    stretches.push(figuresOfMusic(performance));
  }
  const rangeOf = (name: Ranged): Range => {
    const all = stretches.map((figures) => figures[name]);
    return { least: Math.min(...all), most: Math.max(...all) };
  };
  const ranges = {
    notesPerSecond: rangeOf("notesPerSecond"),
    pitchClassEntropy: rangeOf("pitchClassEntropy"),
    velocitySpread: rangeOf("velocitySpread"),
  };
  const shares = [0, 0.025, 0.5, 0.975, 1];
  const halting = stretches.filter((figures) => figures.longestGap > longestGap).length;
  const turning = stretches.filter((figures) => figures.turns > mostTurns).length;
  return {
    ranges,
    lines: [
      `${stretches.length} stretches of ${(30 * minutes).toFixed(0)} s in ${path}:\n`,
      "| figure | least | 2.5 % | median | 97.5 % | most |",
      "| --- | --: | --: | --: | --: | --: |",
      ...ranged.map((name) => {
        const all = stretches.map((figures) => figures[name]);
        return `| ${titles[name]} | ${shares.map((share) => quantile(all, share).toFixed(2)).join(" | ")} |`;
      }),
      `\nOf these, ${halting} have a gap over ${longestGap} s, and ${turning} the same eight pitches more than ${mostTurns} times running.\n`,
    ],
  };
}

function standingNorm(): Norm {
  if (minutes !== 10) throw new Error("give --corpus: the ranges kept here are those of half of ten minutes");
  return { ranges: maestro, lines: [] };
}

async function makePiece(player: Player, { ranges }: Norm, from: number): Promise<Piece> {
  const seconds = 60 * minutes;
  let early: number | undefined;
  const { performance, events, isStuck } = await player.play({
    decoding,
    seed: from,
    index: 0,
    seconds,
    heard: (at) => {
      if (at >= 60) early ??= megabytes();
    },
  });
  const whole = figuresOfMusic(performance);
  const secondHalf = figuresOfMusic(between(performance, seconds / 2, seconds));
  const late = megabytes();
  const faults = [
    ...(isStuck ? ["time hardly goes on"] : []),
    ...(whole.longestGap > longestGap ? ["a gap"] : []),
    ...(whole.turns > mostTurns ? ["a circle"] : []),
    ...ranged
      .filter((name) => !(secondHalf[name] >= ranges[name].least && secondHalf[name] <= ranges[name].most))
      .map((name) => `${titles[name]} out of range`),
  ];
  console.error(
    `seed ${from}: ${faults.join(", ") || "passes"}; gap ${whole.longestGap.toFixed(1)} s, ${whole.turns} turns, ${ranged.map((name) => secondHalf[name].toFixed(2)).join(", ")}`,
  );
  return { seed: from, events, seconds, whole, secondHalf, memory: { early: early ?? late, late }, faults };
}

function megabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}

function print(norm: Norm, pieces: readonly Piece[]): void {
  for (const line of norm.lines) console.log(line);
  const range = (name: Ranged) =>
    `${titles[name]} (${norm.ranges[name].least.toFixed(2)} to ${norm.ranges[name].most.toFixed(2)})`;
  console.log(
    `| seed | events | longest gap, s (${longestGap}) | turns of eight (${mostTurns}) | second half: ${ranged.map(range).join(" | ")} | MB after 1 min | at the end | |`,
  );
  console.log("| --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |");
  for (const { seed: from, events, whole, secondHalf, memory, faults } of pieces) {
    const cells = [
      from,
      events.toLocaleString("en"),
      whole.longestGap.toFixed(1),
      whole.turns,
      ...ranged.map((name) => secondHalf[name].toFixed(2)),
      memory.early.toFixed(0),
      memory.late.toFixed(0),
      faults.length === 0 ? "passes" : faults.join(", "),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const norm = values.corpus === undefined ? standingNorm() : await normOf(values.corpus);
const player = await openPlayer(values.model, threads);
const pieces: Piece[] = [];
const begun = performance.now();
for (let i = 0; i < seeds; i++) pieces.push(await makePiece(player, norm, seed + i));
const seconds = (performance.now() - begun) / 1000;
await player.dispose();

const failed = pieces.filter(({ faults }) => faults.length > 0).length;
const eventsPerSecond = pieces.reduce((sum, { events }) => sum + events, 0) / seconds;
const machine = describeMachine();
if (values.json) {
  const { description: model } = player;
  const { ranges } = norm;
  console.log(
    JSON.stringify({ machine, model, decoding, minutes, ranges, eventsPerSecond, failed, pieces }, null, 2),
  );
} else {
  const drawn = Object.entries(decoding).flatMap(([name, value]) =>
    value === undefined ? [] : `${name} ${value}`,
  );
  console.log(`${machine}; ${player.description}; ${minutes} minutes each, ${drawn.join(", ")}\n`);
  print(norm, pieces);
  console.log(
    `\n${failed} of ${seeds} fail; ${Math.round(eventsPerSecond).toLocaleString("en")} events/s, ${threads} threads`,
  );
}
process.exitCode = failed > 0 ? 1 : 0;
