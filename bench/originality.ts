/**
 * @file How long an index takes and how large it is, how long a piece is looked up, whether disguised copies are found, and what people
 * share with each other.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/originality.ts /tmp/corpus [--copies 100] [--seed 1]
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import type { CorpusPiece, SplitName } from "../src/corpus/index.ts";
import { excerptOf, type Performance } from "../src/music/index.ts";
import {
  bandOf,
  compactLibrary,
  encodeIndex,
  LibraryBuilder,
  type Originality,
  originalityByHashes,
  originalityOf,
  verdictOf,
} from "../src/originality/index.ts";
import { createRandom } from "../src/util/random.ts";
import { quantileOf } from "../src/util/statistics.ts";
import { disguised } from "../test/fixtures/disguise.ts";
import { describeMachine } from "./machine.ts";
import { between, openCorpusAt } from "./music-figures.ts";

const { values, positionals } = parseArgs({
  options: { copies: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const { copies, seed } = z
  .object({ copies: z.coerce.number().int().min(1), seed: z.coerce.number() })
  .parse({ ...values });
const [path] = positionals;
if (path === undefined) throw new Error("give a corpus: see the top of bench/originality.ts");
const corpus = await openCorpusAt(path);
const random = createRandom(seed);

async function* piecesOf(split: SplitName): AsyncGenerator<readonly [CorpusPiece, Performance]> {
  for (const piece of corpus.index.pieces.filter((each) => each.split === split)) {
    yield [piece, await corpus.performance(piece)];
  }
}

const seconds = (from: number) => (performance.now() - from) / 1000;
console.log(`${describeMachine()}; ${corpus.index.name}, seed ${seed}\n`);

const began = performance.now();
const builder = new LibraryBuilder();
/** Some of the train split, to be disguised: by name. */
const train: (readonly [string, Performance])[] = [];
for await (const [piece, music] of piecesOf("train")) {
  builder.add(piece.source, music);
  train.push([piece.source, music]);
}
const library = builder.build();
const built = seconds(began);
const index = encodeIndex({ corpus: corpus.index.name, fingerprint: "0".repeat(64), library, band: null });
const compactBegan = performance.now();
const compact = compactLibrary(library);
console.log(
  `index of ${library.pieces.length} pieces: ${built.toFixed(1)} s with reading, ${(index.length / 1e6).toFixed(1)} MB; compact index: ${seconds(compactBegan).toFixed(1)} s more\n`,
);

// Five minutes of each validation piece that is as long.
const times = { whole: [] as number[], compact: [] as number[] };
const human: Originality[] = [];
const humanCompact: Originality[] = [];
for await (const [, music] of piecesOf("validation")) {
  human.push(originalityOf(music, library));
  humanCompact.push(originalityByHashes(music, compact));
  if (music.duration < 300) continue;
  const piece = between(music, 0, 300);
  const at = performance.now();
  originalityOf(piece, library);
  const middle = performance.now();
  originalityByHashes(piece, compact);
  times.whole.push(middle - at);
  times.compact.push(performance.now() - middle);
}
const milliseconds = (all: readonly number[]) => {
  const sorted = [...all].sort((a, b) => a - b);
  return `${quantileOf(sorted, 0.5).toFixed(1)} ms, at most ${quantileOf(sorted, 1).toFixed(1)} ms`;
};
console.log(
  `looking five minutes up, ${times.whole.length} pieces: ${milliseconds(times.whole)}; in the compact index ${milliseconds(times.compact)}\n`,
);

console.log(
  "| people: validation against train | mean | 95 of 100 | most | by hashes: mean | 95 of 100 | most |",
);
console.log("| --- | --: | --: | --: | --: | --: | --: |");
const band = bandOf(human);
const bandCompact = bandOf(humanCompact);
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
for (const [i, share] of band.shares.entries()) {
  const other = bandCompact.shares[i];
  console.log(
    `| passages of ${share.notes} notes | ${[share.mean, share.p95, share.most, other.mean, other.p95, other.most].map(percent).join(" | ")} |`,
  );
}
const { longest } = band;
const { longest: longestCompact } = bandCompact;
console.log(
  `| longest passage, notes | ${[longest.mean, longest.p95, longest.most, longestCompact.mean, longestCompact.p95, longestCompact.most].map((notes) => notes.toFixed(1)).join(" | ")} |`,
);
const verdicts = human.map((each) => verdictOf(each, band));
const original = verdicts.filter((verdict) => verdict === "original").length;
const below = band.shares.map(
  ({ p95 }, k) => human.filter(({ shares }) => shares[k].share <= p95).length / human.length,
);
console.log(
  `\n${below.map(percent).join(", ")} of the validation pieces lie within the 95th percentile of 8, 12, 16 notes; ${original} of ${human.length} are original by the verdict, which asks for all of them and the longest passage together`,
);

let named = 0;
let namedCompact = 0;
let called = 0;
for (let i = 0; i < copies; i++) {
  const own = random.fork(`copy ${i}`);
  const [name, music] = train[own.integer(train.length)];
  const from = own.integer(Math.max(1, music.notes.count - 512));
  const copy = disguised(excerptOf(music, from, Math.min(512, music.notes.count)), own);
  const found = originalityOf(copy, library);
  if (found.longest?.piece === name) named++;
  if (originalityByHashes(copy, compact).longest?.piece === name) namedCompact++;
  if (verdictOf(found, band) === "copied") called++;
}
console.log(
  `\nof ${copies} excerpts of 512 notes of the train split, up five semitones, slower by a tenth, one note in twenty changed: the right piece is named for ${named} (by hashes ${namedCompact}), and ${called} are called copied`,
);
