/** @file `rubato compare` from corpus and MIDI files to figures, in memory. */
import { beforeAll, describe, expect, it } from "vitest";
import { metrics } from "../src/metrics/index.ts";
import { createPerformance, notesOf, type Performance } from "../src/music/index.ts";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { openDirect } from "../src/platform/node/onnxruntime/direct.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { StorageError, UserError } from "../src/util/errors.ts";
import { createRandom } from "../src/util/random.ts";
import { type CompareInput, compare } from "../src/workflows/compare/index.ts";
import { prepare } from "../src/workflows/prepare/index.ts";
import { memoryCorpus, midiBytes } from "./fixtures/memory-corpus.ts";

/** Broken chords of four bars in one of a few keys, played with some freedom: music enough to be told from noise. */
function study(seed: number): Performance {
  const random = createRandom(`study ${seed}`);
  const tonic = 48 + random.integer(12);
  const pace = 0.15 + 0.1 * random.next();
  let at = 0;
  return createPerformance({
    notes: Array.from({ length: 200 }, (_, i) => {
      const root = tonic + [0, 5, 7, 0][(i >> 3) % 4];
      at += pace * (0.9 + 0.2 * random.next());
      return {
        start: at,
        end: at + 1.5 * pace,
        pitch: root + [0, 7, 12, 16, 19, 16, 12, 7][i % 8],
        velocity: 50 + (i % 8 === 0 ? 20 : 0) + random.integer(8),
      };
    }),
  });
}

function shuffledPitches(performance: Performance, seed: number): Performance {
  const random = createRandom(`shuffled ${seed}`);
  return createPerformance({
    notes: Array.from(notesOf(performance), (note) => ({ ...note, pitch: 36 + random.integer(48) })),
  });
}

let platform: MemoryPlatform;

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`in/study-${i}.mid`, midiBytes(study(i))]),
  );
  ({ platform } = await memoryCorpus(files));
  for (let i = 0; i < 12; i++) {
    await platform.store.write(`people/${i}.mid`, midiBytes(study(100 + i)));
    await platform.store.write(`monkeys/deep/${i}.mid`, midiBytes(shuffledPitches(study(100 + i), i)));
  }
  await platform.store.write("silent/0.mid", midiBytes(createPerformance({ notes: [] })));
  await platform.store.write("words/readme.txt", new TextEncoder().encode("no music"));
});

const measure = (performances: readonly string[], options: Partial<CompareInput> = {}) =>
  compare(platform, {
    performances: [...performances],
    against: "out",
    notes: 64,
    excerpts: 24,
    resamples: 200,
    classifier: false,
    ...options,
  });

describe("rubato compare", () => {
  it("puts people above monkeys, and says by how much", async () => {
    const { systems, landmarks, differences } = await measure(["people", "monkeys"]);
    const [people, monkeys] = systems;
    expect(people.score.value).toBeGreaterThan(80);
    expect(monkeys.score.value).toBeLessThan(people.score.value - 15);
    expect(differences).toMatchObject([{ first: "people", second: "monkeys", isPaired: true }]);
    expect(differences[0].points.low).toBeGreaterThan(0);
    expect(differences[0].points.value).toBeCloseTo(people.score.value - monkeys.score.value, 9);
    const [real, trigrams] = landmarks;
    expect(real.score.value).toBeGreaterThan(trigrams.score.value + 40);
  });

  it("measures all metrics, or those that are asked for", async () => {
    const all = await measure(["people"]);
    expect(all.systems[0].metrics.map(({ name }) => name)).toEqual(Object.keys(metrics));
    expect(all.systems[0].metrics.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const some = await measure(["people"], { metric: ["duration", "harmonic-interval"] });
    expect(some.systems[0].metrics.map(({ name }) => name)).toEqual(["harmonic-interval", "duration"]);
    for (const { name, distance } of some.systems[0].metrics) {
      const same = all.systems[0].metrics.find((each) => each.name === name);
      expect(same?.distance.value).toBeCloseTo(distance.value, 9);
    }
  });

  it("asks a classifier, and says what others publish", { timeout: 180_000 }, async () => {
    const files = Object.fromEntries(
      Array.from({ length: 48 }, (_, i) => [`in/study-${i}.mid`, midiBytes(study(i))]),
    );
    const { platform: larger } = await memoryCorpus(files, { split: 0.5 });
    for (let i = 0; i < 16; i++) {
      await larger.store.write(`people/${i}.mid`, midiBytes(study(100 + i)));
      await larger.store.write(`monkeys/${i}.mid`, midiBytes(shuffledPitches(study(100 + i), i)));
    }
    const native: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
    const { systems, landmarks } = await compare(
      { ...larger, runtime: native },
      { performances: ["people", "monkeys"], against: "out", notes: 64, excerpts: 48, resamples: 100 },
    );
    const [people, monkeys] = systems;
    expect(monkeys.classifier?.value).toBeGreaterThan(0.65);
    expect(people.classifier?.value).toBeLessThan(0.6);
    for (const { classifier } of systems) {
      if (classifier === null) throw new Error("both have many pieces");
      expect(classifier.low).toBeLessThanOrEqual(classifier.value);
      expect(classifier.high).toBeGreaterThanOrEqual(classifier.value);
    }
    expect(people.overlappingArea).toBeGreaterThan(monkeys.overlappingArea + 0.05);
    const areas = people.metrics.map(({ overlap }) => overlap.area);
    expect(people.overlappingArea).toBeCloseTo(areas.reduce((sum, area) => sum + area, 0) / areas.length, 12);
    expect(landmarks.map(({ classifier }) => classifier)).toEqual([null, null]);
  });

  it("asks no classifier where there are few pieces, and says so", async () => {
    const long = Array.from({ length: 3 }, (_, i) => [...notesOf(study(300 + i))]).flat();
    const notes = Array.from({ length: 8 }, (_, i) =>
      long.map((note) => ({ ...note, start: note.start + 200 * i, end: note.end + 200 * i })),
    ).flat();
    await platform.store.write("one-piece/0.mid", midiBytes(createPerformance({ notes })));
    const { systems, remarks } = await measure(["one-piece"], { classifier: true });
    expect(systems[0].classifier).toBeNull();
    expect(remarks.join("\n")).toMatch(
      /no classifier was trained on one-piece: found excerpts of \d pieces? in .*, expected 8/,
    );
  });

  it("keeps what was fitted: a second time says the same, and anchors of another corpus are fitted anew", async () => {
    const first = await measure(["people"]);
    const kept = await platform.store.read("out/anchors-64.json");
    const second = await measure(["people"]);
    expect(second.systems).toEqual(first.systems);
    expect(await platform.store.read("out/anchors-64.json")).toEqual(kept);
    const other = new TextDecoder().decode(kept).replace(/"corpus":"[^"]*"/, '"corpus":"other"');
    for (const damaged of [other, "{", '{"format":"rubato-anchors"}']) {
      await platform.store.write("out/anchors-64.json", new TextEncoder().encode(damaged));
      const again = await measure(["people"]);
      expect(again.systems[0].score).toEqual(first.systems[0].score);
      expect(await platform.store.read("out/anchors-64.json")).toEqual(kept);
    }
  });

  it("says the same for the same seed, and draws other excerpts with another", async () => {
    const distances = async (seed: number) => {
      const { systems } = await measure(["people"], { seed });
      return systems[0].metrics.map(({ distance }) => distance.value);
    };
    expect(await distances(1)).toEqual(await distances(1));
    expect(await distances(1)).not.toEqual(await distances(2));
  });

  it.each([
    ["nothing", ["nowhere"], {}, /^found nothing at nowhere, expected a file of music or a folder/],
    ["no MIDI", ["words"], {}, /^found no MIDI files in words, expected music/],
    ["no notes", ["silent"], {}, /^found no notes in 1 MIDI file in silent, expected music/],
    [
      "too little",
      ["people/3.mid"],
      {},
      /^found 3 excerpts of 64 notes in people\/3.mid \(1 file, the longest of 200 notes\), expected at least 20 for intervals of 95 %/,
    ],
    ["long excerpts", ["people"], { notes: 500 }, /^found 0 excerpts of 500 notes in people/],
    ["no corpus", ["people"], { against: "nowhere" }, /nowhere/],
  ])("says in one sentence what is wrong: %s", async (_, performances, options, message) => {
    const failure = await measure(performances, options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  });

  it("says what was left out", async () => {
    await platform.store.write("people/silent.mid", midiBytes(createPerformance({ notes: [] })));
    const { remarks, systems } = await measure(["people"], { excerpts: 400 });
    expect(remarks).toEqual([
      "people/silent.mid has no notes, and was left out",
      "people has 36 excerpts of 64 notes, and not 400: floor and ceiling are of as many",
    ]);
    expect(systems[0].files).toBe(12);
    await platform.store.remove("people/silent.mid");
  });

  it("says where the metrics that were asked for tell nothing", async () => {
    const { remarks, systems } = await measure(["people"], { metric: ["pedal-use"] });
    expect(remarks).toEqual([expect.stringMatching(/^none of these metrics tells music from trigrams/)]);
    expect(systems[0].score.value).toBe(0);
  });

  it("says where anchors cannot be kept, and measures all the same", async () => {
    const { store } = platform;
    const full = {
      ...platform,
      store: { ...store, write: () => Promise.reject(new StorageError("the disk is full", "out")) },
    };
    const options = {
      performances: ["people"],
      against: "out",
      notes: 50,
      resamples: 100,
      classifier: false,
    };
    const { remarks, systems } = await compare(full, options);
    expect(remarks).toContain("anchors could not be kept, and are fitted anew next time: the disk is full");
    expect(systems[0].score.value).toBeGreaterThan(50);
    expect(await store.stat("out/anchors-50.json")).toBeUndefined();
  });

  it("needs a validation split", async () => {
    await platform.store.write("alone/study.mid", midiBytes(study(1)));
    await prepare(platform, { source: "alone", out: "one" });
    await expect(measure(["people"], { against: "one" })).rejects.toThrow(/split of one, expected some/);
  });
});
