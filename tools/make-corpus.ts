/** @file Makes examples/corpus anew: `npx tsx tools/make-corpus.ts`. The same files come out byte for byte. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeCorpus, readPieces } from "./corpus/corpus.ts";

const folder = fileURLToPath(new URL("../examples/corpus", import.meta.url));
const files = makeCorpus(readPieces(join(folder, "scores")));
rmSync(join(folder, "midi"), { recursive: true, force: true });
let bytes = 0;
for (const [path, contents] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), contents);
  bytes += contents.length;
}
console.log(`${files.size - 1} MIDI files and a table, ${bytes} bytes`);
