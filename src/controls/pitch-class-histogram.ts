/**
 * @file `pitch-class-histogram`: for how long each pitch class sounds in the next seconds, as twelve shares
 * (REPRESENTATIONS 1.6).
 */
import { z } from "zod";
import { keyShares, type Performance, pitchClass } from "../music/index.ts";
import { stepsPerSecond } from "../representations/event-stream.ts";
import type { Timeline } from "../representations/index.ts";
import { UsageError } from "../util/errors.ts";
import { beginsMoment } from "./ahead.ts";
import { defineControl } from "./control.ts";

const size = 12;

/** C, F and A major, D and F# minor, and the whole-tone scale on C, as weights. */
const trialKeys = [
  ...[0, 5, 9].map((tonic) => keyShares(tonic, "major")),
  ...[2, 6].map((tonic) => keyShares(tonic, "minor")),
  Array.from({ length: size }, (_, pitch) => (pitch % 2 === 0 ? 1 : 0)),
].map((shares) => shares.map((share) => share.toFixed(3)).join());

/** For how long each pitch class is held. */
function sharesOf({ notes }: Performance): Float32Array {
  const seconds = new Float32Array(size);
  for (let i = 0; i < notes.count; i++) seconds[pitchClass(notes.pitch[i])] += notes.end[i] - notes.start[i];
  const sum = seconds.reduce((total, each) => total + each, 0);
  return sum > 0 ? seconds.map((each) => each / sum) : seconds;
}

export const pitchClassHistogram = defineControl({
  name: "pitch-class-histogram",
  summary: "Shares of the twelve pitch classes in what sounds in the next 5 s",
  option: {
    name: "pitchClassHistogram",
    help: 'weights of the twelve pitch classes from C, as in "2,0,1,0,1,1,0,1,0,1,0,1"; several over the piece with ";" between them',
  },
  config: z.object({
    windowSeconds: z.number().min(0.01).max(3600).default(5).describe("seconds to look ahead"),
    prior: z.number().min(0).max(1000).default(0.01).describe("seconds that every class starts with"),
  }),
  create: ({ windowSeconds, prior }) => {
    const window = Math.round(windowSeconds * stepsPerSecond);
    return {
      size,
      of: "notes",
      trial: { of: "shares", levels: trialKeys, measure: sharesOf },
      neutral: new Float32Array(size).fill(1 / size),
      read: (text) => text.split(";").map(readWeights),
      compute(timeline) {
        const count = timeline.steps.length;
        const values = new Float32Array(count * size);
        const shares = new Float64Array(size);
        // What sounds in the window is what has sounded up to its end, less what has sounded before it.
        const ahead = new Listener(timeline);
        const behind = new Listener(timeline);
        for (let i = 0; i < count; i++) {
          if (beginsMoment(timeline, i)) {
            while (ahead.elapsed - behind.elapsed < window && ahead.token < count) ahead.hear();
            let sum = 0;
            for (let c = 0; c < size; c++) {
              shares[c] = prior + (ahead.sounded[c] - behind.sounded[c]) / stepsPerSecond;
              sum += shares[c];
            }
            for (let c = 0; c < size; c++) shares[c] = sum > 0 ? shares[c] / sum : 1 / size;
          }
          values.set(shares, i * size);
          behind.hear();
        }
        return values;
      },
    };
  },
});

/** "2,0,1,…", with brackets or without, as shares. */
function readWeights(text: string): Float32Array {
  const words = text.split(/[[\],\s]+/).filter((word) => word !== "");
  const weights = words.map(Number);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.length === size && weights.every((weight) => weight >= 0) && Number.isFinite(sum) && sum > 0) {
    return Float32Array.from(weights, (weight) => weight / sum);
  }
  const found =
    weights.length === size && sum === 0
      ? "of zeros alone"
      : `of ${weights.length} numbers, ${JSON.stringify(text.trim())}`;
  throw new UsageError(
    `found a pitch-class histogram ${found}, expected twelve weights from C to B, none below 0 and one above it: "2,0,1,0,1,1,0,1,0,1,0,1" leans to C major`,
  );
}

/** Goes through a piece token by token and counts for how many steps pitches of each class have sounded so far. */
class Listener {
  token = 0;
  elapsed = 0;
  readonly sounded = new Float64Array(size);
  readonly #timeline: Timeline;
  /** A pitch sounds or does not: struck twice, it still counts once, and the first release ends it. */
  readonly #held = new Uint8Array(128);
  /** Sounding pitches per class. */
  readonly #classes = new Uint8Array(size);

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  hear(): void {
    const token = this.token++;
    const steps = this.#timeline.steps[token];
    this.#hold(this.#timeline.onset[token], 1);
    this.#hold(this.#timeline.release[token], 0);
    if (steps === 0) return;
    this.elapsed += steps;
    for (let c = 0; c < size; c++) this.sounded[c] += this.#classes[c] * steps;
  }

  #hold(pitch: number, held: 0 | 1): void {
    if (pitch < 0 || this.#held[pitch] === held) return;
    this.#held[pitch] = held;
    this.#classes[pitch % size] += held === 1 ? 1 : -1;
  }
}
