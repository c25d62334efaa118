/**
 * @file The best weights of a run as a model that ships, in half precision. Its card is written by hand.
 *
 *     npx tsx tools/ship-weights.ts runs/melody melody
 */
import { fileURLToPath } from "node:url";
import { openCheckpoint, writeCheckpoint } from "../src/checkpoint/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { placeless } from "./placeless.ts";

const [run, name] = process.argv.slice(2);
if (run === undefined || name === undefined) throw new Error("give a run and a name");
const platform = nodePlatform();
const { checkpoint } = await openCheckpoint(platform, `${run}/checkpoints/best`);
const { training: _, provenance, ...weights } = checkpoint;
const folder = fileURLToPath(new URL(`../models/${name}`, import.meta.url));
await writeCheckpoint(
  platform,
  folder,
  { ...weights, provenance: { ...provenance, command: placeless(provenance.command) } },
  { precision: "float16" },
);
console.log(`${folder}: SHA-256 of the weights in float32 ${checkpoint.fingerprint}`);
