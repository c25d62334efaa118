/**
 * @file Makes a model that ships out of runs: the best weights of the last one in half precision, a card, and the curves.
 *
 *     npx tsx tools/ship-model.ts --name piano --corpus-name "MAESTRO v3.0.0, train split" --evaluation evaluation.json <run> [<run> …]
 *
 * Runs are given in the order in which they went on from one another; `--before` is the checkpoint from which the first of
 * them began, where nothing else is left of what made it. `evaluation.json` is what `rubato evaluate <last run> <corpus> --json`
 * printed; after shipping, evaluate once more and give that of `models/<name>`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { openCheckpoint, writeCheckpoint } from "../src/checkpoint/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { runs } from "../src/workflows/runs/index.ts";
import { placeless } from "./placeless.ts";

const { values, positionals } = parseArgs({
  options: {
    name: { type: "string", default: "piano" },
    "corpus-name": { type: "string", default: "MAESTRO v3.0.0, train split" },
    evaluation: { type: "string" },
    hardware: { type: "string" },
    // The model beside this one whose index of hashes serves this one, too.
    "originality-of": { type: "string" },
    before: { type: "string" },
  },
  allowPositionals: true,
});
const run = positionals.at(-1);
if (run === undefined || values.evaluation === undefined) {
  throw new Error("give --evaluation and at least one run: see the top of tools/ship-model.ts");
}

const protocol = z.object({
  protocol: z.string(),
  window: z.number(),
  natsPerEvent: z.number(),
  natsPerNote: z.number(),
  natsPerSecond: z.number(),
  accuracy: z.number(),
  pieces: z.number(),
  kinds: z.array(z.object({ kind: z.string(), natsPerEvent: z.number(), accuracy: z.number() })),
});
const evaluation = z
  .object({ protocols: z.array(protocol) })
  .parse(JSON.parse(readFileSync(values.evaluation, "utf8")));

const platform = nodePlatform();
const folder = fileURLToPath(new URL(`../models/${values.name}`, import.meta.url));
const { checkpoint, model, representation, conditioning } = await openCheckpoint(
  platform,
  `${run}/checkpoints/best`,
);
const { training: _, ...weights } = checkpoint;
const { provenance } = weights;
// Where things lay on the machine that trained is of no use to anybody else.
const command = placeless(provenance.command);
await writeCheckpoint(
  platform,
  folder,
  { ...weights, provenance: { ...provenance, command } },
  { precision: "float16" },
);
await runs(platform, { folders: [...positionals], plot: `${folder}/curves.svg` });

const standingSchema = z.object({
  position: z.object({ step: z.number(), tokens: z.number(), seconds: z.number() }),
});
const history = positionals.map((each) => {
  const { position } = standingSchema.parse(
    JSON.parse(readFileSync(`${each}/checkpoints/last/training.json`, "utf8")),
  );
  return { ...position, config: readFileSync(`${each}/config.yaml`, "utf8") };
});
const parameters = Object.values(checkpoint.parameters).reduce((sum, { data }) => sum + data.length, 0);
const before = values.before === undefined ? undefined : await openCheckpoint(platform, values.before);
const number = (value: number, digits: number) => value.toFixed(digits);
const sum = (of: (each: (typeof history)[number]) => number) =>
  history.reduce((total, each) => total + of(each), 0);
const [first] = evaluation.protocols;
const rows = evaluation.protocols.map(
  (each) =>
    `| ${each.protocol}, windows of ${each.window.toLocaleString("en")}, ${each.pieces} pieces | ${number(each.natsPerEvent, 4)} | ${number(each.natsPerNote, 2)} | ${number(each.natsPerSecond, 1)} | ${number(100 * each.accuracy, 1)} % |`,
);
const { velocityBins } = representation.config;
const corpusMade =
  representation.name === "performance" && velocityBins === 32
    ? ""
    : ` (prepared with \`--representation ${representation.name}${velocityBins === 0 ? " --set velocityBins=0" : ""}\`)`;
const told =
  conditioning.size === 0
    ? ""
    : ` It may be told of ${conditioning.controls.map(({ name }) => `\`${name}\``).join(", ")}, of any of them or none: \`npx rubato list controls\`.`;
const index =
  values["originality-of"] === undefined
    ? `\`originality.bin\`, which \`npx tsx tools/ship-originality.ts corpora/maestro-v3.0.0 models/${values.name}\` makes`
    : `\`${values["originality-of"]}/originality.bin\`, which is of the same corpus`;
if (values["originality-of"] !== undefined) {
  writeFileSync(`${folder}/originality.json`, `${JSON.stringify({ sameAs: values["originality-of"] })}\n`);
}
const card = `# ${values.name}

A ${model.name} of ${parameters.toLocaleString("en")} parameters over \`${representation.name}\` ${JSON.stringify(representation.config)} (${model.vocabularySize} classes), in half precision.${told}

| | |
|---|---|
| corpus | ${values["corpus-name"]} |
| weights' licence | **CC BY-NC-SA 4.0**, as the corpus they were learnt from; Rubato's code is MIT, and apart from them |
| updates | ${before === undefined ? "" : "after what it began from, "}${sum(({ step }) => step).toLocaleString("en")} over ${(sum(({ tokens }) => tokens) / 1e6).toFixed(1)} million events, in ${history.length === 1 ? "one run" : `${history.length} runs`} |
| hours | ${number(sum(({ seconds }) => seconds) / 3600, 2)} |
| hardware | ${values.hardware ?? platform.machine} |
| commit | ${checkpoint.provenance.commit ?? "unknown"} |
| configuration | ${JSON.stringify(model.config)} |
| SHA-256 of the best weights in float32 | ${checkpoint.fingerprint} |

Attribution: MAESTRO, Curtis Hawthorne, Andriy Stasyuk, Adam Roberts, Ian Simon, Cheng-Zhi Anna Huang, Sander Dieleman,
Erich Elsen, Jesse Engel, Douglas Eck, "Enabling Factorized Piano Music Modeling and Generation with the MAESTRO Dataset",
ICLR 2019.

## How well it foretells

On the validation split, which it has not learnt from, by \`npx rubato evaluate ${values.name} corpora/maestro-v3.0.0\`${corpusMade}:

| protocol | nats per event | per note | per second | foretold |
|---|--:|--:|--:|--:|
${rows.join("\n")}

${first === undefined ? "" : first.kinds.map(({ kind, natsPerEvent }) => `${kind} ${number(natsPerEvent, 3)}`).join(" · ")} nats (${first?.protocol ?? ""}).

![loss by update](curves.svg)

## How it was made

${begunFrom()}${positionals.map((_, i) => `Run ${i + 1}:\n\n${commandOf(history[i].config)}`).join("\n\n")}

## What it is not for

It has heard concert pianists play the classical repertoire, and nothing else. Whether a piece is copied from there is told with
it, by the hashes in ${index}. Its weights may not be used commercially.
`;
writeFileSync(`${folder}/README.md`, card);
console.log(`${folder}: ${parameters} parameters, ${first?.natsPerEvent.toFixed(4)} nats per event`);

function begunFrom(): string {
  if (before === undefined) return "";
  const { fingerprint, provenance: origin } = before.checkpoint;
  const learnt = `${(origin.steps ?? 0).toLocaleString("en")} updates over ${((origin.tokensSeen ?? 0) / 1e6).toFixed(1)} million events of the same split (seed ${origin.seed}, commit ${origin.commit})`;
  return `Run 1 began from weights of the same shape after ${learnt},\nSHA-256 ${fingerprint}, of which nothing else was kept.\n\n`;
}

/** What was typed stands in the first line of a run's configuration. */
function commandOf(config: string): string {
  return `    ${placeless(/made by: (.*)/.exec(config)?.[1] ?? "unknown")}`;
}
