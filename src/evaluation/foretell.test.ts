/** @file Passages through models: the same numbers however music is cut, and tallies that add up. */
import { describe, expect, it } from "vitest";
import { drawTokens, livelyParameters, vocabularySize } from "../../test/suites/small-models.ts";
import { openModel } from "../models/index.ts";
import { openRepresentation } from "../representations/index.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { createRandom } from "../util/random.ts";
import {
  carried,
  createTally,
  foretell,
  inLanes,
  inRows,
  NonFiniteLikelihoodError,
  type Passage,
  type PieceStream,
  segments,
  sliding,
} from "./index.ts";

const runtime = createInterpreter();

async function* streams(pieces: readonly Int32Array[]): AsyncGenerator<PieceStream> {
  for (const [piece, tokens] of pieces.entries()) {
    yield { piece, stream: { steps: tokens.length, tokens, controls: [] } };
  }
}

const pieces = [40, 9, 25].map((length) => drawTokens(length, `piece of ${length}`));

describe("foretelling", () => {
  const model = openModel("lstm", { vocabularySize, layers: 1, hiddenSize: 8 });
  const parameters = livelyParameters(model);

  /** Nats by piece and event. */
  async function natsOf(
    batches: AsyncIterable<readonly (Passage | undefined)[]>,
    options: { readonly rows: number; readonly steps: number; readonly carries?: boolean },
  ): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for await (const { passage, nats, tokens } of foretell(runtime, model, parameters, batches, options)) {
      for (const [i, each] of nats.entries()) {
        const event = passage.start + passage.from + i + 1;
        expect(tokens[i]).toBe(pieces[passage.piece][event]);
        found.set(`${passage.piece}:${event}`, each);
      }
    }
    return found;
  }

  it("hears whole pieces by carried state, in as many rows as one likes", async () => {
    const whole = await natsOf(
      inRows(streams(pieces), (stream) => sliding(stream, 39, 39), 1),
      { rows: 1, steps: 39 },
    );
    expect(whole.size).toBe(39 + 8 + 24);
    for (const rows of [1, 2, 3]) {
      const cut = inLanes(streams(pieces), (stream) => carried(stream, 7), rows);
      const found = await natsOf(cut, { rows, steps: 7, carries: true });
      expect([...found.keys()].sort()).toEqual([...whole.keys()].sort());
      for (const [event, nats] of found) expect(nats).toBeCloseTo(whole.get(event) ?? Number.NaN, 5);
    }
  });

  it("begins every segment with nothing", async () => {
    const numbersOf = async (given: readonly Int32Array[]) => {
      const batches = inRows(streams(given), (stream) => segments(stream, 10), 2);
      const found: number[] = [];
      for await (const { nats } of foretell(runtime, model, parameters, batches, { rows: 2, steps: 10 })) {
        found.push(...nats);
      }
      return found;
    };
    const [piece] = pieces;
    const alone = [0, 10, 20, 30].map((start) => piece.slice(start, start + 10));
    expect(await numbersOf([piece])).toEqual(await numbersOf(alone));
    expect(await numbersOf([piece])).toHaveLength(4 * 9);
  });

  it("refuses weights that are spoilt", async () => {
    const spoilt = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map(() => Number.NaN) },
      ]),
    );
    const batches = inRows(streams(pieces), (stream) => segments(stream, 10), 2);
    const all = foretell(runtime, model, spoilt, batches, { rows: 2, steps: 10 });
    await expect(all.next()).rejects.toThrow(NonFiniteLikelihoodError);
  });
});

describe("a tally", () => {
  it("adds up, by kind, by position and by piece", () => {
    const representation = openRepresentation("performance-pedal");
    const random = createRandom("tally");
    const tally = createTally(representation);
    let nats = 0;
    for (let passage = 0; passage < 20; passage++) {
      const length = 1 + random.integer(1500);
      const from = passage % 3 === 0 ? 0 : random.integer(100);
      const tokens = Int32Array.from({ length }, () => random.integer(representation.vocabularySize));
      const said = Float32Array.from({ length }, () => random.next());
      nats += said.reduce((sum, each) => sum + each, 0);
      const window = { length: from + length, tokens, controls: [], continues: false };
      tally.add({
        passage: { piece: passage % 4, start: 0, window, from },
        tokens,
        nats: said,
        correct: Uint8Array.from(said, (each) => (each < 0.3 ? 1 : 0)),
      });
    }
    expect(tally.total.nats).toBeCloseTo(nats, 6);
    const parts = [
      tally.kinds.map(({ likelihood }) => likelihood),
      tally.positions.map(({ likelihood }) => likelihood),
      [...tally.pieces.values()],
    ];
    for (const part of parts) {
      expect(part.reduce((sum, { events }) => sum + events, 0)).toBe(tally.total.events);
      expect(part.reduce((sum, { correct }) => sum + correct, 0)).toBe(tally.total.correct);
      expect(part.reduce((sum, each) => sum + each.nats, 0)).toBeCloseTo(tally.total.nats, 6);
    }
    expect(tally.kinds.map(({ kind }) => kind)).toEqual([
      "note-on",
      "note-off",
      "time-shift",
      "velocity",
      "pedal-down",
      "pedal-up",
    ]);
    expect(tally.pieces.size).toBe(4);
  });

  it("puts each position into its bucket, and each token with its kind", () => {
    const tally = createTally(openRepresentation("performance"));
    const tokens = Int32Array.from({ length: 70 }, (_, i) => (i < 20 ? 60 : 356));
    const nats = Float32Array.from({ length: 70 }, (_, i) => i);
    const window = { length: 70, tokens, controls: [], continues: false };
    tally.add({
      passage: { piece: 0, start: 0, window, from: 0 },
      tokens,
      nats,
      correct: new Uint8Array(70),
    });
    const sum = (from: number, to: number) => ((from + to) * (to - from + 1)) / 2;
    expect(tally.positions.map(({ from, to, likelihood }) => [from, to, likelihood.nats])).toEqual([
      [1, 16, sum(0, 15)],
      [17, 64, sum(16, 63)],
      [65, 70, sum(64, 69)],
    ]);
    expect(tally.kinds.map(({ kind, likelihood }) => [kind, likelihood.nats])).toEqual([
      ["note-on", sum(0, 19)],
      ["velocity", sum(20, 69)],
    ]);
  });
});
