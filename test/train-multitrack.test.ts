/** @file A band learnt by heart: several players in one stream, from files to a likelihood per note. */
import { expect, it } from "vitest";
import { createPerformance, type Instrument } from "../src/music/index.ts";
import { evaluate } from "../src/workflows/index.ts";
import { trainingPlatform, trainSmall } from "./defects/small-training.ts";
import { midiBytes } from "./fixtures/memory-corpus.ts";

const players: readonly Instrument[] = [
  { name: "Tune", program: 53, isDrum: false, channel: 0 },
  { name: "Bass", program: 33, isDrum: false, channel: 1 },
  { name: "Kit", program: 0, isDrum: true, channel: 9 },
];

/** A scale over a bass that goes with it, and a drum on every beat. */
function song(key: number) {
  const notes = Array.from({ length: 48 }, (_, i) => [
    { start: i / 4, end: (i + 1) / 4, pitch: 60 + key + [0, 2, 4, 7][i % 4], velocity: 90, instrument: 0 },
    ...(i % 2 === 0
      ? [{ start: i / 4, end: (i + 2) / 4, pitch: 36 + key + (i % 8), velocity: 70, instrument: 1 }]
      : [{ start: i / 4, end: i / 4 + 0.05, pitch: 38, velocity: 100, instrument: 2 }]),
  ]).flat();
  return midiBytes(createPerformance({ notes, instruments: players }));
}

it("is foretold better than by counting, token by token and note by note, and says how well each part of a note is", async () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, key) => [`in/${key}.mid`, song(key)]));
  const { platform } = await trainingPlatform(files, { representation: "multitrack", set: ["ahead=0.5"] });
  const set = [
    "model.config.hiddenSize=32",
    "training.learningRate=0.02",
    "training.augment=false",
    "validation.every=40",
  ];
  const { folder, tokensPerEpoch } = await trainSmall(platform, {
    steps: 120,
    batchSize: 4,
    window: 40,
    set,
  });
  expect(tokensPerEpoch).toBe(11 * (5 * 96 - 1));
  const { protocols, floors } = await evaluate(platform, { model: folder, corpus: "corpus", threads: 1 });
  const [segments] = protocols;
  expect(segments.events).toBe(5 * 96 - 1);
  expect(segments.natsPerNote).toBeCloseTo(5 * segments.natsPerEvent, 6);
  expect(segments.kinds.map(({ kind }) => kind)).toEqual([
    "shift",
    "program",
    "drums",
    "pitch",
    "velocity",
    "duration",
  ]);
  const [unigram] = floors;
  expect(unigram.figures.natsPerNote).toBeGreaterThan(8);
  expect(segments.natsPerNote).toBeLessThan(unigram.figures.natsPerNote / 3);
});
