import { expect, it } from "vitest";
import { memoryCorpus, midiBytes, randomMusic } from "../../test/fixtures/memory-corpus.ts";
import { createPerformance } from "../music/index.ts";
import { createBatches } from "./batcher.ts";
import { withTailValidation } from "./tail.ts";

it("keeps the last tenth of a single piece for validation, and no note on both sides", async () => {
  const music = randomMusic(1, 400);
  const { corpus } = await memoryCorpus({ "in/one.mid": midiBytes(music) });
  expect(corpus.index.pieces.map(({ split }) => split)).toEqual(["train"]);
  const parted = await withTailValidation(corpus);
  const [head, tail] = await Promise.all(parted.index.pieces.map((piece) => parted.performance(piece)));
  expect(parted.index.pieces.map(({ split }) => split)).toEqual(["train", "validation"]);
  expect(head.notes.count + tail.notes.count).toBe(music.notes.count);
  const cut = 0.9 * corpus.representation.normalise(music).duration;
  expect(Math.max(...Array.from(head.notes.start))).toBeLessThan(cut);
  expect(Math.abs(head.notes.count / music.notes.count - 0.9)).toBeLessThan(0.05);
  // What is sliced begins at its own beginning.
  expect(tail.notes.start[0]).toBeLessThan(1);
});

it("finds music to validate with where a last note rings on for long", async () => {
  const music = createPerformance({
    notes: Array.from({ length: 150 }, (_, i) => ({
      start: i * 0.2,
      end: i === 149 ? 60 : i * 0.2 + 0.1,
      pitch: 60 + (i % 12),
      velocity: 64,
    })),
  });
  const { corpus } = await memoryCorpus({ "in/one.mid": midiBytes(music) });
  const { index } = await withTailValidation(corpus);
  expect(index.pieces.map(({ split, notes }) => [split, notes])).toEqual([
    ["train", 135],
    ["validation", 15],
  ]);
});

it("says of its parts what batches need to know, with augmentation and without", async () => {
  const { corpus } = await memoryCorpus(
    {
      "in/one.mid": midiBytes(randomMusic(1, 300)),
      "in/two.mid": midiBytes(randomMusic(2, 200)),
    },
    { split: 1 },
  );
  const parted = await withTailValidation(corpus);
  expect(parted.index.totals.validation?.pieces).toBe(2);
  for (const piece of parted.index.pieces) {
    const tokens = await parted.tokens(piece);
    expect(tokens.reduce((sum, each) => sum + each.length, 0)).toBe(piece.length);
  }
  const augmentation = {
    stretch: [0.9, 1.1],
    lowestTransposition: -2,
    highestTransposition: 2,
    lowestPitch: 0,
    highestPitch: 127,
  };
  for (const options of [{}, { augmentation }]) {
    let predictions = 0;
    const batches = createBatches(parted, {
      split: "train",
      rows: 2,
      steps: 32,
      order: "shuffled",
      seed: 1,
      ...options,
    });
    for await (const { mask } of batches) predictions += mask.reduce((sum, each) => sum + each, 0);
    const stored = parted.index.totals.train?.steps ?? 0;
    expect(Math.abs(predictions / stored - 1)).toBeLessThan(0.1);
  }
});
