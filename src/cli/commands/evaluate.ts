/** @file `rubato evaluate`. */
import {
  type Evaluation,
  evaluate,
  evaluateSchema,
  type Part,
  type ProtocolReport,
} from "../../workflows/evaluate/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { table } from "../table.ts";

export default defineCommand({
  name: "evaluate",
  summary: "measure how likely a corpus is under a model, by the protocols of the field",
  positional: ["model", "corpus"],
  schema: evaluateSchema,
  examples: [
    { line: "rubato evaluate last corpora/maestro-v3.0.0", does: "the newest run, on the validation split" },
    {
      line: "rubato evaluate piano corpora/maestro-v3.0.0 --protocol segments",
      does: "the figure that papers report",
    },
    {
      line: "rubato evaluate runs/mine corpora/mine --limit 10 --no-floors",
      does: "a quick look at ten pieces",
    },
    {
      line: "rubato evaluate last corpora/mine --json",
      does: "all of it for other programs, piece by piece",
    },
  ],
  async run(options, { platform, color, remark }) {
    const evaluation = await evaluate(platform, options);
    for (const each of evaluation.remarks) remark(each);
    return { json: evaluation, lines: layOut(evaluation, color) };
  },
});

const whole = (count: number) => count.toLocaleString("en");
const percent = (share: number) => (100 * share).toFixed(1);
const hours = (seconds: number) => `${(seconds / 3600).toFixed(2)} h`;

export function layOut(evaluation: Evaluation, color: Colors): string[] {
  const { model, corpus, protocols, floors, machine, device, secondsTaken } = evaluation;
  const { commit, rubato, steps, tokensSeen } = model.trainedOn;
  return [
    `${color.bold(model.name)}  ${model.kind}, ${whole(model.parameters)} parameters in ${model.precision}, ${model.representation}`,
    color.dim(
      `  weights ${model.fingerprint.slice(0, 12)}, after ${whole(steps)} steps and ${whole(tokensSeen)} tokens, by rubato ${rubato}${commit === undefined ? "" : ` at ${commit.slice(0, 12)}`}`,
    ),
    `${color.bold(corpus.name)}  ${corpus.split} split, ${whole(corpus.pieces)} pieces`,
    color.dim(`  index ${corpus.fingerprint.slice(0, 12)}`),
    "",
    ...layOutTotals(evaluation),
    ...(floors.length === 0
      ? []
      : [color.dim("n-grams: counted in the train split, Witten–Bell; all events of the pieces")]),
    ...protocols.flatMap((report) => layOutProtocol(report, color)),
    "",
    color.dim(`${machine}; ${device}; ${secondsTaken.toFixed(0)} s`),
  ];
}

function layOutTotals({ protocols, floors }: Evaluation): string[] {
  const header = ["", "nats/event", "nats/note", "nats/s", "perplexity", "top-1 %", "events"];
  const rows = [
    ...protocols.map((report) => ({ name: report.protocol, figures: report, top: percent(report.accuracy) })),
    ...floors.map(({ name, figures }) => ({ name, figures, top: "" })),
  ].map(({ name, figures, top }) => [
    name,
    figures.natsPerEvent.toFixed(4),
    figures.natsPerNote.toFixed(3),
    figures.natsPerSecond.toFixed(2),
    figures.perplexity.toFixed(2),
    top,
    whole(figures.events),
  ]);
  return table(header, rows);
}

function layOutProtocol(report: ProtocolReport, color: Colors): string[] {
  const { protocol, pieces, music, kinds, positions } = report;
  const part = (each: Part) => [
    percent(each.share),
    each.natsPerEvent.toFixed(4),
    each.contribution.toFixed(4),
    percent(each.accuracy),
  ];
  const columns = ["share %", "nats/event", "of total", "top-1 %"];
  const byPosition = positions.map((each) => [`${whole(each.from)}–${whole(each.to)}`, ...part(each)]);
  return [
    "",
    `${color.bold(protocol)}  ${describeWindows(report)}; ${whole(pieces)} ${pieces === 1 ? "piece" : "pieces"}, ${hours(music.seconds)}, ${whole(music.notes)} notes, ${whole(music.events)} events`,
    ...table(
      ["event", ...columns],
      kinds.map((each) => [each.kind, ...part(each)]),
    ),
    ...(byPosition.length === 0 ? [] : ["", ...table(["heard before", ...columns], byPosition)]),
  ];
}

function describeWindows({ protocol, window, stride }: ProtocolReport): string {
  if (protocol === "segments") return `segments of ${whole(window)} events that begin with nothing`;
  if (stride === null) return "state carried through whole pieces";
  return `windows of ${whole(window)} events that go on by ${whole(stride)}`;
}
