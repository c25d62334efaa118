/** @file A corpus of several fields, read as a stream of single tokens. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  augmentationSchema,
  type BatchOptions,
  type Corpus,
  corpusOfFields,
  createBatches,
  drawVariation,
} from "../../src/corpus/index.ts";
import { createPerformance, type Instrument, notesOf, piano } from "../../src/music/index.ts";
import { flatTokens } from "../../src/representations/index.ts";
import { createRandom } from "../../src/util/random.ts";
import { memoryCorpus, midiBytes, randomFiles, randomMusic } from "../fixtures/memory-corpus.ts";

const orders = ["fixed", "shuffled", "carried"] as const;
let stored: Corpus;
let flat: Corpus;

beforeAll(async () => {
  stored = (await memoryCorpus(randomFiles(7), { representation: "multitrack" })).corpus;
  flat = corpusOfFields(stored, 1);
});

it("is itself for a model of as many fields, and refused for any other number", () => {
  expect(corpusOfFields(stored, 5)).toBe(stored);
  expect(corpusOfFields(flat, 1)).toBe(flat);
  expect(() => corpusOfFields(stored, 3)).toThrow(
    /^found a model of 3 tokens a step and a corpus of `multitrack` with 5/,
  );
});

it("holds the same tokens, one after the other, and says how many there are", async () => {
  for (const [i, piece] of flat.index.pieces.entries()) {
    const [tokens] = await flat.tokens(piece);
    const [steps] = await stored.tokens(stored.index.pieces[i]);
    expect(tokens).toEqual(flatTokens(stored.index.fields, steps));
    expect(piece.length).toBe(tokens.length);
    expect(flat.representation.decode(tokens)).toEqual(stored.representation.decode(steps));
    expect(await flat.performance(piece)).toEqual(await stored.performance(stored.index.pieces[i]));
  }
  expect(flat.index.totals.train?.steps).toBe(stored.index.totals.train?.tokens);
});

describe.each(orders)("batches in the order %s", (order) => {
  const all = { split: "train", rows: 3, steps: 48, order, seed: 4 } as const satisfies BatchOptions;

  it("foretell every token but the first of each piece once, in windows that begin with a step", async () => {
    let foretold = 0;
    const firstField = flat.representation.describe(0).split(":")[0];
    for await (const { rows, steps, inputs, mask, fields } of createBatches(flat, all)) {
      expect({ steps, fields }).toEqual({ steps: 48, fields: 1 });
      for (let row = 0; row < rows; row++) {
        const at = row * steps;
        foretold += mask.subarray(at, at + steps).reduce((sum, each) => sum + each, 0);
        if (mask[at] === 1)
          expect(flat.representation.describe(inputs[at])).toMatch(new RegExp(`^${firstField}:`));
      }
    }
    const train = flat.index.pieces.filter(({ split }) => split === "train");
    expect(foretold).toBe(train.reduce((sum, { length }) => sum + length - 1, 0));
  });
});

it("varies all but the drums", async () => {
  const drums: Instrument = { name: "Drums", program: 0, isDrum: true, channel: 9 };
  const melody = [...notesOf(randomMusic(1, 40))];
  const kit = melody.map((note) => ({ ...note, pitch: 36 + (note.pitch % 12), instrument: 1 }));
  const band = createPerformance({ notes: [...melody, ...kit], instruments: [piano, drums] });
  const files = { "in/a.mid": midiBytes(band), "in/b.mid": midiBytes(band) };
  const { corpus } = await memoryCorpus(files, { representation: "multitrack" });
  const augmentation = augmentationSchema.parse({
    stretch: [1],
    lowestTransposition: 0,
    highestTransposition: 5,
  });
  const drawn = drawVariation(band, augmentation, createRandom(0));
  expect(drawn.transpose).toBeGreaterThanOrEqual(0);
  const heard = new Set<string>();
  for (let epoch = 0; epoch < 12; epoch++) {
    const view = corpusOfFields(corpus, 1);
    const options = { split: "train", rows: 1, steps: 2000, order: "fixed", seed: 3, epoch } as const;
    for await (const { inputs, mask } of createBatches(view, { ...options, augmentation })) {
      const count = mask.reduce((sum, each) => sum + each, 0);
      const { notes, instruments } = view.representation.decode(inputs.subarray(0, count));
      const pitches = (isDrum: boolean) =>
        Array.from(notes.pitch).filter((_, i) => instruments[notes.instrument[i]].isDrum === isDrum);
      // The last step is not whole.
      expect(pitches(true).every((pitch) => pitch >= 36 && pitch < 48)).toBe(true);
      const lowest = Math.min(...pitches(false));
      expect(lowest).toBeGreaterThanOrEqual(Math.min(...melody.map(({ pitch }) => pitch)));
      heard.add(String(lowest));
    }
  }
  expect(heard.size).toBeGreaterThan(2);
});
