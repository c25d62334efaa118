/** @file The floors on real music: each longer context foretells it better. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { NGram } from "../src/evaluation/index.ts";
import { readPerformance } from "../src/midi/index.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { describeWithData } from "./shared-data.ts";

/** Enough for the order to show; all of it gives the figures of docs/reference/evaluation.md. */
const counted = 40;
const measured = 5;

describeWithData("n-grams of MAESTRO", "maestro-v3.0.0", (path) => {
  it("foretell unseen pieces the better the longer they are", () => {
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.midi?$/.test(name))
      .sort();
    const stride = Math.floor(files.length / (counted + measured));
    const chosen = Array.from({ length: counted + measured }, (_, i) => files[i * stride]);
    const representation = openRepresentation("performance");
    const tokensOf = (name: string) =>
      representation.encode(readPerformance(readFileSync(join(path, name))).performance);
    const ngram = new NGram({ order: 3, vocabularySize: representation.vocabularySize });
    for (const name of chosen.slice(measured)) ngram.add(tokensOf(name));
    const sums = [0, 0, 0];
    let events = 0;
    for (const name of chosen.slice(0, measured)) {
      const tokens = tokensOf(name);
      events += tokens.length;
      for (const [i, nats] of ngram.nats(tokens).entries()) sums[i] += nats;
    }
    const [unigram, bigram, trigram] = sums.map((sum) => sum / events);
    expect(unigram).toBeLessThan(Math.log(representation.vocabularySize));
    expect(bigram).toBeLessThan(unigram - 0.5);
    expect(trigram).toBeLessThan(bigram - 0.05);
    // Of all of MAESTRO these are 4.889, 4.094 and 3.835 (design notes, 1); of a part of it somewhat more.
    expect(unigram).toBeCloseTo(4.9, 0);
    expect(trigram).toBeGreaterThan(3.5);
  });
});
