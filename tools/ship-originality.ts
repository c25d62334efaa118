/**
 * @file Lays a compact index of originality beside a model that ships: hashes of passages of the train split it learnt from.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx tools/ship-originality.ts /tmp/corpus models/piano
 */
import { openCorpus } from "../src/corpus/index.ts";
import {
  bandOf,
  compactLibrary,
  encodeCompactIndex,
  type Originality,
  originalityByHashes,
} from "../src/originality/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { compactIndexFile } from "../src/workflows/originality/index.ts";
import { indexOfCorpus } from "../src/workflows/originality/index-of-corpus.ts";

const [path, folder] = process.argv.slice(2);
if (path === undefined || folder === undefined) throw new Error("give a corpus and the folder of a model");
const platform = nodePlatform();
const corpus = await openCorpus(platform.store, path);
const { index } = await indexOfCorpus(platform, corpus);
const library = compactLibrary(index.library);
// People are looked up by the same hashes: estimates are compared with estimates.
const human: Originality[] = [];
for (const piece of corpus.index.pieces.filter(({ split }) => split === "validation")) {
  human.push(originalityByHashes(await corpus.performance(piece), library));
}
const bytes = encodeCompactIndex({ ...index, library, band: bandOf(human) });
await platform.store.write(`${folder}/${compactIndexFile}`, bytes);
console.log(`wrote ${folder}/${compactIndexFile}: ${(bytes.length / 1e6).toFixed(2)} MB`);
console.log(JSON.stringify({ whole: index.band, compact: bandOf(human) }, null, 2));
