/** @file n-grams: probabilities that add up, against counts by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import { NGram } from "./ngram.ts";

const vocabularySize = 11;
const drawPiece = (length: number, seed: string) => {
  const random = createRandom(seed);
  return Int32Array.from({ length }, () => Math.floor(random.next() ** 2 * vocabularySize));
};

describe("n-grams", () => {
  it.each([1, 2, 3, 4])("of order %i give probabilities that add up to 1, whatever the context", (order) => {
    const ngram = new NGram({ order, vocabularySize });
    fc.assert(
      fc.property(
        fc.array(fc.nat(vocabularySize - 1), { maxLength: 6 }),
        fc.array(fc.nat(vocabularySize - 1), { maxLength: 30 }),
        (context, piece) => {
          const before = ngram.distribution(context);
          ngram.add(piece);
          for (const each of [before, ngram.distribution(context), ngram.distribution(piece)]) {
            expect(each.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
            expect(Math.min(...each)).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it("know nothing at first: every token is as likely as any other", () => {
    const piece = drawPiece(20, "nothing");
    const sums = new NGram({ order: 3, vocabularySize }).nats(piece);
    for (const nats of sums) expect(nats).toBeCloseTo(20 * Math.log(vocabularySize), 9);
  });

  it("are what Witten and Bell say", () => {
    const ngram = new NGram({ order: 2, vocabularySize: 4 });
    ngram.add([0, 1, 0, 2, 0, 1]);
    // Six tokens of three kinds; after 0 came 1 twice and 2 once.
    const unigram = (count: number) => (count + 3 / 4) / (6 + 3);
    const afterZero = [0, 2, 1, 0].map(
      (count, token) => (count + 2 * unigram([3, 2, 1, 0][token])) / (3 + 2),
    );
    expect([...ngram.distribution([])]).toEqual(
      [3, 2, 1, 0].map((count) => expect.closeTo(unigram(count), 12)),
    );
    expect([...ngram.distribution([0])]).toEqual(afterZero.map((p) => expect.closeTo(p, 12)));
    // What never came, and what came only at the end of a piece, leave all to the shorter context.
    expect(ngram.distribution([3])).toEqual(ngram.distribution([]));
    const [uni, bi] = ngram.nats([0, 1]);
    expect(uni).toBeCloseTo(-Math.log(unigram(3) * unigram(2)), 12);
    expect(bi).toBeCloseTo(-Math.log(unigram(3) * afterZero[1]), 12);
  });

  it("sum up what single distributions say", () => {
    const ngram = new NGram({ order: 3, vocabularySize });
    for (let i = 0; i < 200; i++) ngram.add(drawPiece(50, `piece ${i}`));
    const piece = drawPiece(40, "other");
    const expected = piece.reduce(
      (sum, token, i) => sum - Math.log(ngram.distribution(piece.subarray(0, i))[token]),
      0,
    );
    expect(ngram.nats(piece)[2]).toBeCloseTo(expected, 9);
  });

  it("draw pieces in which tokens are as frequent as they are likely", () => {
    const ngram = new NGram({ order: 3, vocabularySize: 4 });
    for (const piece of [
      [0, 1, 2, 0, 1, 2, 0, 1],
      [0, 1, 0, 1, 1],
      [2, 2, 0, 1, 2],
    ])
      ngram.add(piece);
    const drawn = ngram.draw(200_000, createRandom("draw"));
    const counts = new Map<string, Float64Array>();
    for (let i = 2; i < drawn.length; i++) {
      const context = `${drawn[i - 2]} ${drawn[i - 1]}`;
      const after = counts.get(context) ?? new Float64Array(4);
      after[drawn[i]]++;
      counts.set(context, after);
    }
    for (const [context, after] of counts) {
      const total = after.reduce((sum, count) => sum + count, 0);
      const expected = ngram.distribution(context.split(" ").map(Number));
      for (const [token, count] of after.entries()) {
        const deviation = Math.sqrt((expected[token] * (1 - expected[token])) / total);
        expect(Math.abs(count / total - expected[token])).toBeLessThan(5 * deviation);
      }
    }
    expect(counts.size).toBe(16);
  });

  it("do not look across pieces", () => {
    const [apart, joined] = [1, 2].map(() => new NGram({ order: 2, vocabularySize }));
    apart.add([1, 2]);
    apart.add([3, 4]);
    joined.add([1, 2, 3, 4]);
    expect(apart.distribution([2])).toEqual(apart.distribution([]));
    expect(joined.distribution([2])[3]).toBeGreaterThan(joined.distribution([])[3]);
  });

  it("hold as many sequences as there are", () => {
    const ngram = new NGram({ order: 2, vocabularySize: 300 });
    const piece = Int32Array.from({ length: 90_001 }, (_, i) =>
      i % 2 === 0 ? (i / 2) % 300 : Math.floor(i / 600),
    );
    ngram.add(piece);
    const pairs = new Set(Array.from(piece.subarray(1), (token, i) => piece[i] * 300 + token));
    expect(ngram.size).toBe(300 + pairs.size);
  });
});
