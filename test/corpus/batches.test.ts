/** @file The laws of batches: what is foretold, once, from its own piece, varied as music and not as tokens. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlsFor } from "../../src/controls/index.ts";
import {
  type Augmentation,
  augmentationSchema,
  type Batch,
  type BatchOptions,
  type Corpus,
  type CorpusPiece,
  createBatches,
  drawVariation,
  encodePiece,
} from "../../src/corpus/index.ts";
import { readPerformance } from "../../src/midi/index.ts";
import { createRandom } from "../../src/util/random.ts";
import { memoryCorpus, midiBytes, randomFiles, randomMusic } from "../fixtures/memory-corpus.ts";

const orders = ["fixed", "shuffled", "carried"] as const;
const unchanged: Augmentation = augmentationSchema.parse({
  stretch: [1],
  lowestTransposition: 0,
  highestTransposition: 0,
});

async function collect(corpus: Corpus, options: Partial<BatchOptions>): Promise<Batch[]> {
  const batches: Batch[] = [];
  const all = { split: "train", rows: 3, steps: 16, order: "fixed", seed: 1, ...options } as const;
  for await (const batch of createBatches(corpus, all)) batches.push(batch);
  return batches;
}

/** Every prediction as text: the tokens of a step and of the step after it. */
function predictions(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ rows, steps, fields, inputs, targets, mask }) =>
    Array.from({ length: rows * steps }, (_, i) => i)
      .filter((i) => mask[i] === 1)
      .map(
        (i) =>
          `${inputs.subarray(i * fields, (i + 1) * fields)} > ${targets.subarray(i * fields, (i + 1) * fields)}`,
      ),
  );
}

/** The predictions of pieces, one by one and segment by segment. */
async function expected(
  corpus: Corpus,
  streamsOf: (piece: CorpusPiece) => Promise<readonly Int32Array[]>,
): Promise<string[]> {
  const fields = corpus.index.fields.length;
  const found: string[] = [];
  for (const piece of corpus.index.pieces.filter(({ split }) => split === "train")) {
    for (const tokens of await streamsOf(piece)) {
      for (let i = 0; i + fields < tokens.length; i += fields) {
        found.push(`${tokens.subarray(i, i + fields)} > ${tokens.subarray(i + fields, i + 2 * fields)}`);
      }
    }
  }
  return found;
}

const stored = (corpus: Corpus) => expected(corpus, corpus.tokens);

/** What a window holds: its tokens without a gap, then nothing. */
function expectWindows(batch: Batch): void {
  const { rows, steps, fields, controlSize, inputs, targets, mask, controls, continues } = batch;
  expect([inputs.length, targets.length]).toEqual([rows * steps * fields, rows * steps * fields]);
  expect([mask.length, controls.length, continues.length]).toEqual([
    rows * steps,
    rows * steps * controlSize,
    rows,
  ]);
  for (let row = 0; row < rows; row++) {
    const first = row * steps;
    const length = mask.subarray(first, first + steps).filter((each) => each === 1).length;
    const [begin, end, rest] = [first, first + length, first + steps].map((step) => step * fields);
    expect(targets.slice(begin, Math.max(begin, end - fields))).toEqual(
      inputs.slice(Math.min(end, begin + fields), end),
    );
    expect(mask.subarray(first + length, first + steps).every((each) => each === 0)).toBe(true);
    expect([...inputs.subarray(end, rest), ...targets.subarray(end, rest)].every((each) => each === 0)).toBe(
      true,
    );
  }
}

const corpora = [
  { name: "performance", options: {} },
  { name: "performance-pedal in segments", options: { representation: "performance-pedal", segments: 3 } },
  { name: "notes", options: { representation: "notes" } },
  { name: "multitrack", options: { representation: "multitrack" } },
  { name: "pitches", options: { representation: "pitches" } },
];

describe.each(corpora)("batches of $name", ({ options }) => {
  it.each(orders)("%s: every prediction once, and none across pieces", async (order) => {
    const { corpus } = await memoryCorpus(randomFiles(9), options);
    const batches = await collect(corpus, { order });
    expect(predictions(batches).sort()).toEqual((await stored(corpus)).sort());
  });

  it.each(orders)("%s: the unchanged variation gives exactly the stored tokens", async (order) => {
    const { corpus } = await memoryCorpus(randomFiles(7), options);
    expect(await collect(corpus, { order, augmentation: unchanged })).toEqual(
      await collect(corpus, { order }),
    );
  });

  it.each(orders)(
    "%s: the same options give the same batches, and skipping leaves out the first",
    async (order) => {
      const { corpus } = await memoryCorpus(randomFiles(6), options);
      const augmentation = augmentationSchema.parse({});
      const batches = await collect(corpus, { order, augmentation });
      expect(batches.length).toBeGreaterThan(3);
      expect(await collect(corpus, { order, augmentation })).toEqual(batches);
      expect(await collect(corpus, { order, augmentation, skip: 2 })).toEqual(batches.slice(2));
    },
  );
});

describe("whatever is asked for", () => {
  const shape = fc.record({
    order: fc.constantFrom(...orders),
    rows: fc.integer({ min: 1, max: 40 }),
    steps: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 300 })),
    seed: fc.nat(),
    epoch: fc.nat(3),
    augmentation: fc.constantFrom(undefined, augmentationSchema.parse({})),
  });

  it.each(corpora)(
    "a pass over $name holds every prediction of every piece, and no other",
    async ({ options }) => {
      const { corpus } = await memoryCorpus(randomFiles(7), options);
      const { representation, index } = corpus;
      await fc.assert(
        fc.asyncProperty(shape, async ({ augmentation, ...rest }) => {
          const batches = await collect(corpus, { ...rest, ...(augmentation && { augmentation }) });
          batches.forEach(expectWindows);
          const random = createRandom(rest.seed).fork(`epoch ${rest.epoch}`);
          const varied = async (piece: CorpusPiece) => {
            const performance = await corpus.performance(piece);
            const variation =
              augmentation && drawVariation(performance, augmentation, random.fork(piece.source));
            return encodePiece(performance, representation, index.segmentSeconds ?? undefined, variation);
          };
          expect(predictions(batches).sort()).toEqual((await expected(corpus, varied)).sort());
        }),
        { numRuns: 30 },
      );
    },
  );

  it("carried rows all end together, even with more rows than pieces", async () => {
    const { corpus } = await memoryCorpus(randomFiles(8));
    const total = (await stored(corpus)).length;
    for (const rows of [2, 16, 64]) {
      const batches = await collect(corpus, { order: "carried", rows, steps: 5 });
      // A window more for the end of each piece, and one for each border.
      const windows = Math.ceil(total / rows / 5) + Math.ceil(8 / rows) + 2;
      expect(batches.length).toBeLessThanOrEqual(windows);
    }
  });
});

describe("a primer", () => {
  it.each(["performance", "performance-pedal", "notes", "multitrack", "pitches"])(
    "becomes the very %s tokens that training had",
    async (representation) => {
      const bytes = midiBytes(randomMusic(5, 200));
      const { performance } = readPerformance(bytes);
      expect(performance.pedals.count).toBeGreaterThan(10);
      const { corpus } = await memoryCorpus({ "in/a.mid": bytes }, { representation });
      // The sustain pedal is folded by the same function, at the same place.
      expect([corpus.representation.encode(performance)]).toEqual(
        await corpus.tokens(corpus.index.pieces[0]),
      );
    },
  );
});

describe("orders", () => {
  it("change from pass to pass, but for validation", async () => {
    const { corpus } = await memoryCorpus(randomFiles(12));
    for (const order of orders) {
      const first = predictions(await collect(corpus, { order, epoch: 0 }));
      const second = predictions(await collect(corpus, { order, epoch: 1 }));
      if (order === "fixed") expect(second).toEqual(first);
      else expect(second).not.toEqual(first);
    }
  });

  it("carried: a row that continues begins with the target that it ended with", async () => {
    const { corpus } = await memoryCorpus(randomFiles(12));
    const batches = await collect(corpus, { order: "carried" });
    let continued = 0;
    batches.forEach((batch, index) => {
      for (let row = 0; row < batch.rows; row++) {
        if (batch.continues[row] === 0) continue;
        const before = batches[index - 1];
        const last = before.mask.subarray(row * 16, (row + 1) * 16).lastIndexOf(1);
        expect(batch.inputs[row * 16]).toBe(before.targets[row * 16 + last]);
        continued++;
      }
    });
    expect(continued).toBeGreaterThan(batches.length);
  });

  it("use the whole of a segment of 30 s, not its first 512 events", async () => {
    const { corpus } = await memoryCorpus(
      { "in/dense.mid": midiBytes(randomMusic(1, 2000, 0.014)) },
      { segments: 30 },
    );
    const [piece] = corpus.index.pieces;
    expect(Math.max(...(piece.segments ?? []))).toBeGreaterThan(4000);
    expect(predictions(await collect(corpus, { steps: 200 })).length).toBe(
      piece.length - (piece.segments ?? []).length,
    );
  });
});

describe("augmentation", () => {
  it("moves the pitch-class histogram along and leaves density alone", async () => {
    const { corpus } = await memoryCorpus(randomFiles(1));
    const controls = controlsFor(corpus.representation, ["note-density", "pitch-class-histogram"]);
    // One window holds the piece, so that rows can be compared step by step.
    const shape = { controls, rows: 1, steps: 1000, order: "fixed" } as const;
    const [plain] = await collect(corpus, shape);
    const up = augmentationSchema.parse({
      stretch: [1],
      lowestTransposition: 0,
      highestTransposition: 5,
      highestPitch: 127,
    });
    const moved = await Promise.all(
      Array.from(
        { length: 12 },
        async (_, epoch) => (await collect(corpus, { ...shape, augmentation: up, epoch }))[0],
      ),
    );
    const shifts = new Set<number>();
    for (const batch of moved) {
      const first = plain.inputs.findIndex((token) => token < 128);
      const semitones = batch.inputs[first] - plain.inputs[first];
      shifts.add(semitones);
      for (let step = 0; step < 1000; step++) {
        const at = step * 20;
        expect(batch.controls.subarray(at, at + 8)).toEqual(plain.controls.subarray(at, at + 8));
        for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
          const rolled = at + 8 + ((pitchClass + semitones) % 12);
          expect(batch.controls[rolled]).toBeCloseTo(plain.controls[at + 8 + pitchClass], 6);
        }
      }
    }
    expect(shifts.size).toBeGreaterThan(3);
  });

  it("stands beside the input the control of the step that is foretold", async () => {
    const { corpus } = await memoryCorpus(randomFiles(1));
    const [control] = controlsFor(corpus.representation, ["note-density"]);
    const [tokens] = await corpus.tokens(corpus.index.pieces[0]);
    const timeline = corpus.representation.timeline?.(tokens);
    expect(timeline).toBeDefined();
    if (timeline === undefined) return;
    const curve = control.compute(timeline);
    const [batch] = await collect(corpus, { controls: [control], rows: 1, steps: 50 });
    expect(batch.controls).toEqual(curve.subarray(8, 8 * 51));
  });

  it("drops no note: at the edge of the keyboard it draws what keeps all in range", async () => {
    const music = randomMusic(3, 40);
    const edge = {
      ...music,
      notes: { ...music.notes, pitch: Uint8Array.from(music.notes.pitch, (_, i) => (i === 0 ? 127 : 60)) },
    };
    const { corpus } = await memoryCorpus({ "in/edge.mid": midiBytes(edge) });
    const augmentation = augmentationSchema.parse({
      stretch: [1],
      lowestTransposition: -6,
      highestTransposition: 5,
    });
    for (let epoch = 0; epoch < 20; epoch++) {
      const batches = await collect(corpus, { augmentation, epoch });
      const onsets = batches.flatMap(({ targets, mask }) =>
        [...targets].filter((token, i) => mask[i] === 1 && token < 128),
      );
      expect(onsets).toHaveLength(40);
    }
  });
});

describe("misuse", () => {
  it("is one sentence", async () => {
    const { corpus } = await memoryCorpus(randomFiles(1));
    await expect(collect(corpus, { split: "validation" })).rejects.toThrow(
      "found no validation pieces in out",
    );
    await expect(collect(corpus, { rows: 0 })).rejects.toThrow("found batches of 0 rows");
    const notes = await memoryCorpus(randomFiles(2), { representation: "notes" });
    const controls = controlsFor(corpus.representation, ["note-density"]);
    await expect(collect(notes.corpus, { controls })).rejects.toThrow(
      "expected a representation that is a stream of events",
    );
  });
});
