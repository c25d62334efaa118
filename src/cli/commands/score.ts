/** @file `rubato score`. */
import { type Score, score, scoreSchema } from "../../workflows/score/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { table } from "../table.ts";

/** What was mended in a file is beside the point here. */
const shownWarnings = 3;

export default defineCommand({
  name: "score",
  summary: "say how likely a file of music is under a model, and where it surprises",
  positional: ["file"],
  schema: scoreSchema,
  examples: [
    { line: "rubato score prelude.mid", does: "under the model that ships" },
    {
      line: "rubato score prelude.mid --model last --moments 30",
      does: "under your newest, with thirty surprises",
    },
    { line: "rubato score prelude.mid --plot surprise.svg", does: "and surprise over time as a picture" },
    { line: "rubato score prelude.mid --json", does: "for other programs, with nats second by second" },
  ],
  async run(options, { platform, color, remark }) {
    const found = await score(platform, options);
    for (const warning of found.warnings.slice(0, shownWarnings)) remark(`${found.file}: ${warning}`);
    const more = found.warnings.length - shownWarnings;
    if (more > 0) remark(`${found.file}: ${more} more; \`rubato inspect\` lists them`);
    return {
      json: found,
      lines: [...layOut(found, color), ...(options.plot === undefined ? [] : ["", `wrote ${options.plot}`])],
    };
  },
});

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, "0")}`;

function layOut(found: Score, color: Colors): string[] {
  const { file, title, model, notes, seconds, events, nats, kinds, moments } = found;
  const whole = (count: number) => count.toLocaleString("en");
  return [
    `${color.bold(title || file)}  ${whole(notes)} notes, ${clock(seconds)}, ${whole(events)} events predicted`,
    color.dim(
      `  under ${model.name}: ${model.kind}, ${whole(model.parameters)} parameters, ${model.representation}`,
    ),
    "",
    ...table(
      ["nats", "nats/event", "nats/note", "nats/s", "perplexity", "top-1 %"],
      [
        [
          nats.toFixed(1),
          found.natsPerEvent.toFixed(4),
          found.natsPerNote.toFixed(3),
          found.natsPerSecond.toFixed(2),
          found.perplexity.toFixed(2),
          (100 * found.accuracy).toFixed(1),
        ],
      ],
    ),
    "",
    ...table(
      ["event", "share %", "nats/event", "top-1 %"],
      kinds.map((each) => [
        each.kind,
        (100 * each.share).toFixed(1),
        each.natsPerEvent.toFixed(4),
        (100 * each.accuracy).toFixed(1),
      ]),
    ),
    ...(moments.length === 0 ? [] : ["", color.bold("most surprising")]),
    ...(moments.length === 0
      ? []
      : table(
          ["at", "event", "nats"],
          moments.map(({ seconds: at, event, nats: each }) => [clock(at), event, each.toFixed(2)]),
        )),
  ];
}
