/** @file `rubato generate`. */
import type { Performance } from "../../music/index.ts";
import { terminalRoll } from "../../plot/index.ts";
import { type Generated, generate, generateSchema, type Piece } from "../../workflows/generate/index.ts";
import { type Context, defineCommand } from "../command.ts";

export default defineCommand({
  name: "generate",
  summary: "make music with a model",
  positional: [],
  schema: generateSchema,
  examples: [
    { line: "rubato generate", does: "half a minute by the model that ships, under output/" },
    { line: "rubato generate --model last --seconds 60", does: "a minute by the newest run" },
    {
      line: "rubato generate --primer song.mid --primer-notes 25 --additional",
      does: "30 s more, after 25 notes",
    },
    {
      line: "rubato generate --samples 8 --temperature 0.9 --seed 7",
      does: "eight pieces, which can be made again",
    },
    { line: 'rubato generate --primer-pitches "60,64,67" --output c.mid', does: "go on from a chord" },
    {
      line: "rubato generate --model band --accompany song.mid --accompany-track MELODY",
      does: "others play along with a melody",
    },
    { line: 'rubato generate --seed-notes "C4,D4,E4" --notes 500', does: "500 notes, the first three given" },
    { line: "rubato generate --plot --wav", does: "show a piano roll, and write the sound, too" },
  ],
  async run(options, context) {
    const { platform, remark } = context;
    // The one place where randomness comes from the machine.
    const seed = options.seed ?? String(crypto.getRandomValues(new Uint32Array(1))[0]);
    const rolls: (readonly string[])[] = [];
    const generated = await generate(
      platform,
      { ...options, seed },
      {
        made: (performance) => void (options.plot === true && rolls.push(drawRoll(performance, context))),
      },
    );
    for (const notice of generated.notices) remark(notice);
    return { json: generated, lines: [...layOut(generated), ...rolls.flat()] };
  },
});

function drawRoll(performance: Performance, { width, isColorful }: Context): readonly string[] {
  return [
    "",
    ...terminalRoll(performance, { width: Math.min(100, width), dynamics: true, color: isColorful }),
  ];
}

export function layOut({
  model,
  fingerprint,
  seed,
  device,
  precision,
  length,
  pieces,
  eventsPerSecond,
}: Generated) {
  return [
    `model ${model} (${fingerprint.slice(0, 12)}), seed ${seed}, ${length}, ${precision} on ${device}`,
    ...pieces.flatMap((piece) => [describe(piece), ...describeAdded(piece), ...describeOriginality(piece)]),
    `${Math.round(eventsPerSecond).toLocaleString("en")} events/s`,
  ];
}

function describe({ midi, plot, wav, mp3, notes, seconds, events, logLikelihood }: Piece): string {
  const nats = events > 0 ? `, ${(-logLikelihood / events).toFixed(2)} nats per event` : "";
  const files = [midi, wav, mp3, plot].filter((path) => path !== null).join(", ");
  return `wrote ${files}: ${count(notes, "note")}, ${seconds.toFixed(1)} s, ${count(events, "event")} drawn${nats}`;
}

function describeAdded({ added }: Piece): readonly string[] {
  if (added === null) return [];
  const players = added.map(({ player, notes }) => `${player} ${count(notes, "note")}`);
  return [`  added: ${players.join(", ") || "nothing"}`];
}

function describeOriginality({ originality }: Piece): readonly string[] {
  if (originality === null) return [];
  const { verdict, longest, corpus } = originality;
  const found =
    longest === null
      ? `no passage in common with ${corpus}`
      : `longest passage in common with ${corpus}: about ${longest.notes} notes, of ${longest.piece}`;
  return [`  ${verdict === null ? "" : `${verdict}; `}${found}`];
}

const count = (number: number, unit: string) =>
  `${number.toLocaleString("en")} ${unit}${number === 1 ? "" : "s"}`;
