/**
 * @file What the two-sample classifier finds where there is nothing to find, and where there is: real music against other real
 * music, and against real music with its pitches shuffled.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/classifier.ts /tmp/corpus [--excerpts 64] [--notes 512] [--seeds 1,2]
 */
import { parseArgs } from "node:util";
import { type Drawn, drawExcerpts, tellApart } from "../src/evaluation/index.ts";
import type { Performance } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { createRandom, shuffled } from "../src/util/random.ts";
import { describeMachine } from "./machine.ts";
import { openCorpusAt } from "./music-figures.ts";

const { values, positionals } = parseArgs({
  options: {
    excerpts: { type: "string", default: "64" },
    notes: { type: "string", default: "512" },
    seeds: { type: "string", default: "1,2" },
  },
  allowPositionals: true,
});
const [path] = positionals;
if (path === undefined) throw new Error("give a corpus: see the top of bench/classifier.ts");
const corpus = await openCorpusAt(path);
const { runtime } = nodePlatform();
const size = { excerpts: Number(values.excerpts), notes: Number(values.notes) };

const halves: [Performance[], Performance[]] = [[], []];
for (const [i, piece] of corpus.index.pieces.filter(({ split }) => split === "validation").entries()) {
  for (const tokens of await corpus.tokens(piece)) halves[i % 2].push(corpus.representation.decode(tokens));
}

function withPitchesShuffled({ excerpt, ...place }: Drawn): Drawn {
  const pitch = Uint8Array.from(
    shuffled(Array.from(excerpt.notes.pitch), createRandom(`${place.piece} ${place.from}`)),
  );
  return { ...place, excerpt: { ...excerpt, notes: { ...excerpt.notes, pitch } } };
}

console.log(
  `${describeMachine()}; ${size.excerpts} excerpts of ${size.notes} notes of the validation split\n`,
);
console.log("| seed | real from other real pieces | real from others with pitches shuffled |");
console.log("| --: | --: | --: |");
for (const seed of values.seeds.split(",")) {
  const [real, other] = halves.map((half, i) =>
    drawExcerpts(half, size, createRandom(seed).fork(`half ${i}`)),
  );
  const told = [];
  for (const made of [other, other.map(withPitchesShuffled)]) {
    const { accuracy } = await tellApart(runtime, real, made, { seed });
    told.push(`${(100 * accuracy).toFixed(1)} %`);
  }
  console.log(`| ${seed} | ${told.join(" | ")} |`);
}
