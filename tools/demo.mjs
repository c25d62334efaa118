// `npm run demo`: the whole journey on the small corpus of our own, in about three minutes; all it makes lies in
// output/demo, made anew each time. Another time to train for: npm run demo -- 30s
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runAll } from "./commands.mjs";

const [time = "2m"] = process.argv.slice(2);
const out = "output/demo";
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync(out, { recursive: true, force: true });
const began = performance.now();
runAll([
  ["prepare", "examples/corpus", "--out", `${out}/corpus`],
  ["train", `${out}/corpus`, "--preset", "tiny", "--for", time, "--out", `${out}/run`],
  [
    "generate",
    "--model",
    `${out}/run`,
    "--seconds",
    "30",
    "--seed",
    "1",
    "--output",
    `${out}/music.mid`,
    "--wav",
    "--plot",
  ],
  ["evaluate", `${out}/run`, `${out}/corpus`],
]);
const minutes = (performance.now() - began) / 60_000;
console.log(`
${minutes.toFixed(1)} minutes. The music is ${out}/music.mid and ${out}/music.wav, the model ${out}/run.

Next: your own music instead of ours,

  npx rubato train folder-of-midi-files --preset tiny
  npx rubato generate --model last --wav`);
