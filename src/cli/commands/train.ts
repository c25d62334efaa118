/** @file `rubato train`. */
import {
  type About,
  type Trained,
  type TrainInput,
  train,
  trainSchema,
} from "../../workflows/train/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { interruption } from "../interruption.ts";
import { typedCommand } from "../typed-command.ts";

export default defineCommand({
  name: "train",
  summary: "train a model on a corpus or on MIDI files, go on with a run, or tune a model to your own music",
  positional: ["corpus"],
  schema: trainSchema,
  examples: [
    { line: "rubato train my-midi-files --preset tiny", does: "a small model of your own" },
    { line: "rubato train corpora/maestro --for 2h", does: "fitted to the time" },
    { line: "rubato train corpora/maestro --preset lstm --epochs 3", does: "Performance RNN's network" },
    {
      line: "rubato train my-midi-files --config performance_with_dynamics",
      does: "one of Magenta's configurations, by its name",
    },
    { line: "rubato train --resume runs/2026-03-01-142530-lstm", does: "go on where it stood" },
    { line: "rubato train my-songs --from piano", does: "tune the shipped model to your songs" },
    { line: "rubato train corpora/maestro --config mine.yaml --dry-run", does: "size, memory and time" },
  ],
  async run(options, { platform, color, remark }) {
    const interrupted = interruption();
    try {
      const trained = await train(options, {
        platform,
        command: typedCommand(),
        signal: interrupted.signal,
        begun: (about) => {
          for (const line of introduce(about, options)) remark(line);
        },
        paced: (seconds) => remark(`a pass takes ${spoken(seconds)} at this speed`),
      });
      const exitCode = trained.state === "interrupted" ? 130 : 0;
      return { json: trained, lines: conclude(trained, color), exitCode };
    } finally {
      interrupted.release();
    }
  },
});

const spoken = (seconds: number) =>
  seconds < 120
    ? `${Math.ceil(seconds)} seconds`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} minutes`
      : `${(seconds / 3600).toFixed(1)} hours`;
const millions = (count: number) => `${(count / 1e6).toFixed(1)} million`;

function introduce(about: About, options: TrainInput): readonly string[] {
  return [
    ...about.remarks,
    `${about.model} of ${about.parameters.toLocaleString("en")} parameters, ${millions(about.tokensPerEpoch)} events a pass, ` +
      `${options.for === undefined ? `${about.steps.toLocaleString("en")} updates` : `for ${options.for}`}, ` +
      `about ${(about.memory / 2 ** 30).toFixed(1)} GiB of memory; run folder ${about.folder}`,
  ];
}

function conclude(trained: Trained, color: Colors): readonly string[] {
  const { folder, standing, state, secondsPerEpoch = 0, steps, stepsPerEpoch } = trained;
  if (standing === undefined) {
    const all = (secondsPerEpoch * steps) / stepsPerEpoch;
    return [
      `a pass takes ${spoken(secondsPerEpoch)} here, all of it ${spoken(all)}, validations not counted; nothing was written`,
    ];
  }
  const loss = standing.best === null ? "not validated yet" : `validation loss ${standing.best.toFixed(4)}`;
  const ended = state === "interrupted" ? "interrupted" : (standing.ended ?? state);
  const next =
    state === "interrupted"
      ? `go on with: rubato train --resume ${folder}`
      : `hear it: rubato generate --model ${folder}`;
  return [
    `${color.bold(ended)} after ${standing.step.toLocaleString("en")} updates, ${millions(standing.tokens)} events, ${(standing.seconds / 60).toFixed(1)} minutes: ${loss}`,
    color.dim(`${next} · curves: rubato runs ${folder}`),
  ];
}
