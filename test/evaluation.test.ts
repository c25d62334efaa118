/** @file `rubato evaluate` and `rubato score` from corpus to figures, in memory, on ONNX Runtime. */
import { beforeAll, describe, expect, it } from "vitest";
import { writeCheckpoint } from "../src/checkpoint/index.ts";
import { initialParameters, openModel } from "../src/models/index.ts";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { openDirect } from "../src/platform/node/onnxruntime/direct.ts";
import { openRepresentation } from "../src/representations/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { UserError } from "../src/util/errors.ts";
import { type EvaluateInput, evaluate, type ProtocolReport } from "../src/workflows/evaluate/index.ts";
import { prepare } from "../src/workflows/prepare/index.ts";
import { score } from "../src/workflows/score/index.ts";
import { memoryCorpus, midiBytes, randomMusic } from "./fixtures/memory-corpus.ts";
import { writeTinyModel } from "./fixtures/tiny-model.ts";
import { preludeInC } from "./music/tunes.ts";

const runtime: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
const vocabularySize = 388;
let platform: MemoryPlatform;

const attentive = { layers: 1, features: 16, heads: 2, hiddenSize: 16 };

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 14 }, (_, i) => [`in/piece-${i}.mid`, midiBytes(randomMusic(i, 60 + 20 * i))]),
  );
  const made = await memoryCorpus(files);
  platform = { ...made.platform, runtime };
  await platform.store.write("alone/prelude.mid", midiBytes(preludeInC));
  await prepare(platform, { source: "alone", out: "one" });
  await writeTinyModel(platform, "gru");
  await writeTinyModel(platform, "transformer", { model: "transformer", config: attentive });
  await writeTinyModel(platform, "near", { model: "transformer", config: { ...attentive, context: 100 } });
  await writeTinyModel(platform, "reaching", { model: "transformer", config: { ...attentive, reach: 32 } });
  await writeTinyModel(platform, "pedal", { representation: "performance-pedal" });
  await writeTinyModel(platform, "level", { noise: 0 });
  for (const representation of ["melody", "note-tuple"]) {
    await prepare(platform, { source: "in", out: `of ${representation}`, representation });
    const fields = openRepresentation(representation).fields.map(({ size }) => size);
    const own = representation === "melody" ? { model: "melody" } : { model: "lstm" };
    const config = { layers: 1, hiddenSize: 8, ...(own.model === "lstm" && { fields }) };
    await writeTinyModel(platform, representation, { ...own, config, representation });
  }
  const numbers = { layers: 1, hiddenSize: 8, time: "mse" };
  await writeTinyModel(platform, "numbers", { model: "melody", config: numbers, representation: "melody" });
  const model = openModel("gru", { vocabularySize, layers: 1, hiddenSize: 8, controls: 8 });
  await writeCheckpoint(platform, "steered", {
    model: { name: "gru", configuration: model.config },
    representation: { name: "performance", configuration: openRepresentation("performance").config },
    controls: [{ name: "note-density", configuration: {} }],
    provenance: {
      rubato: "0.0.0",
      commit: "c0ffee",
      seed: 1,
      steps: 3,
      tokensSeen: 99,
      command: "none",
      date: "2026-01-01T00:00:00.000Z",
    },
    parameters: initialParameters(model, 2),
  });
});

const measure = (model: string, options: Partial<EvaluateInput> = {}) =>
  evaluate(platform, { model, corpus: "out", threads: 1, ...options });

function expectSum({ natsPerEvent, kinds, positions, events }: ProtocolReport): void {
  for (const parts of [kinds, ...(positions.length > 0 ? [positions] : [])]) {
    expect(parts.reduce((sum, each) => sum + each.contribution, 0)).toBeCloseTo(natsPerEvent, 9);
    expect(parts.reduce((sum, each) => sum + each.share, 0)).toBeCloseTo(1, 9);
    expect(parts.reduce((sum, each) => sum + each.events, 0)).toBe(events);
  }
}

describe("rubato evaluate", () => {
  it.each(["gru", "transformer", "reaching", "steered"])("measures %s by both protocols", async (name) => {
    const found = await measure(name, { split: "train" });
    const [segments, sliding] = found.protocols;
    expect(found.protocols.map(({ protocol }) => protocol)).toEqual(["segments", "sliding"]);
    expect(segments.pieces).toBe(found.corpus.pieces);
    for (const each of found.protocols) {
      expectSum(each);
      const { natsPerEvent, perplexity, bitsPerEvent, natsPerNote, natsPerSecond, music } = each;
      expect(perplexity).toBeCloseTo(Math.exp(natsPerEvent), 9);
      expect(bitsPerEvent).toBeCloseTo(natsPerEvent / Math.log(2), 9);
      expect(natsPerNote * music.notes).toBeCloseTo(natsPerEvent * music.events, 6);
      expect(natsPerSecond * music.seconds).toBeCloseTo(natsPerEvent * music.events, 6);
      // All but the first event of each piece, which are all shorter than a segment.
      expect(each.events).toBe(music.events - each.pieces);
    }
    // No piece is cut, so that both protocols hear the same.
    expect(sliding.natsPerEvent).toBeCloseTo(segments.natsPerEvent, 5);
    expect(found.floors.map((floor) => floor.name)).toEqual(["unigram", "bigram", "trigram"]);
    expect(found.remarks).toEqual([]);
    expect(found.model).toMatchObject({ name, precision: "float32" });
    expect(found.model.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(found.corpus.fingerprint).toBe(platform.sha256(await platform.store.read("out/index.json")));
  });

  it.each(["melody", "note-tuple"])("measures %s by the note", async (name) => {
    const { protocols } = await measure(name, { corpus: `of ${name}`, split: "train" });
    expect(protocols.map(({ protocol }) => protocol)).toEqual(["segments", "sliding"]);
    for (const each of protocols) {
      expectSum(each);
      expect(each.kinds.map(({ kind }) => kind)).toEqual(["step"]);
      // A step is a note, and the first of each piece is heard alone.
      expect(each.events).toBe(each.music.events - each.pieces);
      expect(each.music.events).toBeLessThanOrEqual(each.music.notes);
      expect(each.natsPerEvent).toBeGreaterThan(0);
    }
  });

  it("says where the weights come from", async () => {
    const { model } = await measure("steered", { protocol: "segments", floors: false });
    expect(model.trainedOn).toMatchObject({ commit: "c0ffee", steps: 3, tokensSeen: 99 });
  });

  it("gives the same figures again, and others for other weights", async () => {
    const figures = async (name: string) =>
      (await measure(name, { split: "train", floors: false })).protocols.map(
        ({ secondsTaken, ...rest }) => rest,
      );
    expect(await figures("gru")).toEqual(await figures("gru"));
    expect(await figures("gru")).not.toEqual(await figures("steered"));
  });

  it("measures windows of a shorter context, and says so", async () => {
    const { protocols, remarks } = await measure("near", { split: "train", floors: false });
    const [segments, sliding] = protocols;
    expect(remarks).toEqual([
      "windows have 100 events, the context of this model, and not 2,048: compare with care",
    ]);
    expect([segments.window, segments.stride]).toEqual([100, 100]);
    expect([sliding.window, sliding.stride]).toEqual([100, 25]);
    expect(segments.positions.at(-1)).toMatchObject({ from: 65, to: 99 });
    expect(sliding.positions).toEqual([]);
    expect(sliding.events).toBe(sliding.music.events - sliding.pieces);
    expect(segments.events).toBeLessThan(sliding.events);
  });

  it("draws pieces by the seed, and floors are of the same pieces", async () => {
    const sources = async (seed: number) =>
      (
        await measure("gru", { split: "train", limit: 3, slidingPieces: 2, seed, floors: false })
      ).protocols.map(({ byPiece }) => byPiece.map(({ source }) => source));
    const [segments, sliding] = await sources(1);
    expect([segments.length, sliding.length]).toEqual([3, 2]);
    for (const source of sliding) expect(segments).toContain(source);
    expect(await sources(1)).toEqual([segments, sliding]);
    expect(await sources(2)).not.toEqual([segments, sliding]);
    const { floors, protocols } = await measure("gru", { split: "train", limit: 3, protocol: "segments" });
    for (const { figures } of floors) expect(figures.events).toBe(protocols[0].music.events);
  });

  it("reports how far it is", async () => {
    const before = platform.events.length;
    await measure("gru", { floors: false, protocol: "segments" });
    const events = platform.events.slice(before);
    expect(events.at(-1)).toMatchObject({ stage: "evaluating (segments)", unit: "events" });
  });

  it.each([
    ["gru", { corpus: "nowhere" }, /nowhere/],
    ["nobody", {}, /^found no model "nobody", expected a folder with a checkpoint/],
    [
      "pedal",
      {},
      /^found a corpus of performance .* in out for a model of performance-pedal .*, expected the same tokens: prepare the corpus again with --representation performance-pedal --set/,
    ],
    [
      "gru",
      { corpus: "one", split: "test" },
      /^found no test pieces in one, expected some: choose another --split/,
    ],
    ["gru", { device: "cuda" }, /^found no device "cuda"/],
    [
      "numbers",
      { corpus: "of melody" },
      /^found model numbers, which foretells single numbers, expected one that foretells likelihoods: train one with --set model.config.time=mixture$/,
    ],
  ] as const)("refuses in one sentence: %s %j", async (name, options, sentence) => {
    const refusal: unknown = await measure(name, options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    if (refusal instanceof Error) expect(refusal.message).toMatch(sentence);
  });
});

describe("rubato score", () => {
  it.each(["gru", "transformer", "near", "reaching", "steered"])(
    "scores a prelude under %s",
    async (name) => {
      const found = await score(platform, { file: "alone/prelude.mid", model: name, threads: 1 });
      const tokens = openRepresentation("performance").encode(preludeInC);
      expect(found).toMatchObject({ notes: 128, events: tokens.length - 1 });
      expect(found.nats / found.events).toBeCloseTo(found.natsPerEvent, 9);
      expect(found.perSecond.reduce((sum, { nats }) => sum + nats, 0)).toBeCloseTo(found.nats, 6);
      expect(found.perSecond.reduce((sum, { events }) => sum + events, 0)).toBe(found.events);
      expect(found.perSecond).toHaveLength(Math.floor(found.seconds) + 1);
      expect(found.kinds.reduce((sum, each) => sum + each.contribution, 0)).toBeCloseTo(
        found.natsPerEvent,
        9,
      );
      const nats = found.moments.map((moment) => moment.nats);
      expect(nats).toEqual([...nats].sort((a, b) => b - a));
      expect(found.moments).toHaveLength(10);
      for (const { seconds, event } of found.moments) {
        expect(seconds).toBeLessThanOrEqual(found.seconds);
        expect(event).toMatch(/^(note-on|note-off|time-shift|velocity):\d+$/);
      }
    },
  );

  it("says of a piece what evaluate says of a corpus of it", async () => {
    for (const name of ["gru", "near"]) {
      const [corpus] = (
        await evaluate(platform, {
          model: name,
          corpus: "one",
          split: "train",
          protocol: "sliding",
          threads: 1,
        })
      ).protocols;
      const file = await score(platform, { file: "alone/prelude.mid", model: name, threads: 1 });
      expect(file.natsPerEvent).toBeCloseTo(corpus.natsPerEvent, 6);
      expect(file.natsPerNote).toBeCloseTo(corpus.natsPerNote, 6);
      expect(file.accuracy).toBe(corpus.accuracy);
    }
  });

  it("draws surprise over time, and refuses other pictures before it computes", async () => {
    await score(platform, { file: "alone/prelude.mid", model: "gru", plot: "surprise.svg", threads: 1 });
    const svg = new TextDecoder().decode(await platform.store.read("surprise.svg"));
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("Surprise in");
    const refusal = score(platform, { file: "nowhere.mid", model: "gru", plot: "surprise.gif" });
    await expect(refusal).rejects.toThrow("expected a name that ends in .svg or .png");
  });

  it.each([
    ["pitches", /^(note:[A-G]#?-?\d|rest):\d/],
    ["notes", /^(shift|pitch|velocity|duration):\d|^rest$/],
  ])("scores music as %s, whose tokens are no single events, at their times", async (name, pattern) => {
    await writeTinyModel(platform, name, { representation: name });
    const found = await score(platform, {
      file: "alone/prelude.mid",
      model: name,
      plot: "p.svg",
      threads: 1,
    });
    const representation = openRepresentation(name);
    expect(found.events).toBe(representation.encode(preludeInC).length - 1);
    expect(found.perSecond.reduce((sum, { nats }) => sum + nats, 0)).toBeCloseTo(found.nats, 6);
    expect(found.perSecond.reduce((sum, { events }) => sum + events, 0)).toBe(found.events);
    const last = Math.max(...Array.from(preludeInC.notes.start));
    expect(Math.abs(found.perSecond.length - 1 - Math.floor(last))).toBeLessThanOrEqual(1);
    // What surprises stands where it is struck: sixteenths, on the grid of the prelude.
    const starts = Array.from(preludeInC.notes.start);
    for (const { seconds, event } of found.moments) {
      expect(event).toMatch(pattern);
      const nearest = Math.min(...starts.map((start) => Math.abs(start - seconds)));
      expect(nearest).toBeLessThan(0.15);
    }
  });

  it("refuses music without notes", async () => {
    await platform.store.write("silence.mid", midiBytes({ ...preludeInC, notes: randomMusic(1, 0).notes }));
    await expect(score(platform, { file: "silence.mid", model: "gru" })).rejects.toThrow(
      "found no notes in silence.mid, expected music: choose another file",
    );
  });
});
