/** @file `rubato controllability`. */
import {
  type Controllability,
  type ControlReport,
  controllability,
  controllabilitySchema,
} from "../../workflows/controllability/index.ts";
import { defineCommand } from "../command.ts";
import { table } from "../table.ts";

export default defineCommand({
  name: "controllability",
  summary: "measure whether a model does what it is told of the music to come",
  positional: ["model"],
  schema: controllabilitySchema,
  examples: [
    {
      line: "rubato controllability",
      does: "the model that ships: 64 pieces for each level of each control",
    },
    { line: "rubato controllability last --control note-density", does: "the newest run, one control" },
    {
      line: "rubato controllability --control-strength 2 --json",
      does: "controls overdone, for other programs",
    },
  ],
  async run(options, { platform }) {
    const report = await controllability(platform, options);
    return { json: report, lines: layOut(report) };
  },
});

function layOut({
  model,
  fingerprint,
  seconds,
  seed,
  temperature,
  controlStrength,
  controls,
}: Controllability) {
  return [
    `model ${model} (${fingerprint.slice(0, 12)}), pieces of ${seconds} s, temperature ${temperature}, control strength ${controlStrength}, seed ${seed}`,
    ...controls.flatMap((report) => ["", ...describe(report)]),
  ];
}

function describe(report: ControlReport): readonly string[] {
  const { control, samples } = report;
  if (report.kind === "level") {
    const rows = report.levels.map((level) => [
      level.asked,
      level.mean.toFixed(3),
      level.deviation.toFixed(3),
    ]);
    return [
      `${control}: Spearman ${report.spearman.toFixed(3)} over ${samples} pieces a level`,
      ...table(["asked", "came", "deviation"], [...rows, ["nothing", report.untold.toFixed(3), ""]]),
    ];
  }
  return [
    `${control}: cosine ${report.cosine.toFixed(3)} with what was asked, ${report.untoldCosine.toFixed(3)} where nothing was told, over ${samples} pieces each`,
    ...table(
      ["asked", "cosine", "untold"],
      report.levels.map((level) => [
        shown(level.asked),
        level.cosine.toFixed(3),
        level.untoldCosine.toFixed(3),
      ]),
    ),
  ];
}

/** Weights of pitch classes as those that weigh. */
function shown(asked: string): string {
  const names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
  const weights = asked.split(",").map(Number);
  return weights.flatMap((weight, i) => (weight > 0 ? [names[i]] : [])).join(" ");
}
