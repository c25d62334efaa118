/** @file `rubato compat`: other systems' command lines. */
import {
  compatSchema,
  type ProgramHelp,
  type Resolved,
  resolve,
  runCompat,
  type StepResult,
} from "../../workflows/compat/index.ts";
import { type Context, defineCommand, type Outcome } from "../command.ts";
import { interruption } from "../interruption.ts";
import { table } from "../table.ts";
import { wrap } from "../wrap.ts";
import { describeConverted } from "./convert.ts";
import { layOut as layOutEvaluation } from "./evaluate.ts";
import { layOut as layOutMusic } from "./generate.ts";
import { describeComposers, describePrepared } from "./prepare.ts";
import { describeRendered } from "./render.ts";
import { layOut as layOutRuns } from "./runs.ts";
import { conclude, introduce } from "./train.ts";

/** Of many alike, no more are shown. */
const mostShown = 5;

export default defineCommand({
  name: "compat",
  summary: "do what a command line of another system says, and show the command of ours that it stands for",
  positional: ["command"],
  passesThrough: true,
  schema: compatSchema,
  examples: [
    { line: "rubato compat python scripts/train.py --num-epochs 50", does: "performance_rnn_torch" },
    {
      line: "rubato compat --dry-run python generate.py --length 1000",
      does: "only show what it stands for",
    },
    {
      line: 'rubato compat performance_rnn_generate --run_dir=run1 --primer_pitches="[60]"',
      does: "Magenta",
    },
    { line: "rubato compat python scripts/infer.py --ckpt checkpoints/best_model.pt", does: "HarmonyRL" },
    { line: "rubato compat --system performance-rnn-torch python train.py", does: "where two share a line" },
    { line: "rubato compat performance_rnn_train --help", does: "the flags of one of their programs" },
  ],
  async run({ command, system, seed, set, dryRun }, context) {
    const { platform, remark } = context;
    const resolved = await resolve(command, {
      system,
      store: platform.store,
      environment: process.env,
      // The one place where randomness comes from the machine.
      seed: seed ?? String(crypto.getRandomValues(new Uint32Array(1))[0]),
      isSeedChosen: seed !== undefined,
      set,
      now: platform.wallTime(),
    });
    const { native, remarks, later, help } = resolved;
    if (help !== undefined) return { json: help, lines: layOutHelp(resolved, help, context) };
    if (!resolved.isQuiet) for (const each of remarks) remark(each);
    if (later !== undefined) {
      remark(later);
      return { json: resolved, lines: [], exitCode: 3 };
    }
    const shown = [...describeCopies(resolved), ...shortened(native.map(({ line }) => line))];
    if (dryRun) return { json: resolved, lines: shown };
    for (const line of shown) remark(context.color.bold(line));
    return runAll(resolved, context);
  },
});

async function runAll(resolved: Resolved, context: Context): Promise<Outcome> {
  const { platform, remark } = context;
  const interrupted = interruption();
  const outcomes: Outcome[] = [];
  try {
    const results = await runCompat(platform, resolved, {
      command: `rubato compat ${resolved.typed}`,
      signal: interrupted.signal,
      begun(about) {
        for (const line of introduce(about, {})) remark(line);
      },
      stepped: (_, result) => outcomes.push(describe(result, context)),
    });
    const files = resolved.pointers.map(({ path, leadsTo }) => `${path} points to ${leadsTo}`);
    const exitCode = outcomes.find(
      (outcome) => outcome.exitCode !== undefined && outcome.exitCode !== 0,
    )?.exitCode;
    return {
      json: { ...resolved, results: results.map(({ value }) => value) },
      lines: [
        ...shortened(
          outcomes.flatMap(({ lines }) => lines),
          60,
        ),
        ...shortened(files).map(context.color.dim),
      ],
      ...(exitCode !== undefined && { exitCode }),
    };
  } finally {
    interrupted.release();
  }
}

function describe(result: StepResult, context: Context): Outcome {
  const { color, remark } = context;
  switch (result.kind) {
    case "corpus":
      return describePrepared(result.value, color.dim);
    case "composers":
      return describeComposers(result.value);
    case "training": {
      const exitCode = result.value.state === "interrupted" ? 130 : 0;
      return { json: result.value, lines: conclude(result.value, color), exitCode };
    }
    case "music":
      for (const notice of result.value.notices) remark(notice);
      return { json: result.value, lines: layOutMusic(result.value) };
    case "evaluation":
      return { json: result.value, lines: layOutEvaluation(result.value, color) };
    case "conversion":
      return describeConverted(result.value);
    case "sound":
      return describeRendered(result.value);
    case "refusal":
      remark(`${result.value.file} is left out: ${result.value.why}`);
      return { json: result.value, lines: [] };
    case "runs":
      return { json: result.value, lines: layOutRuns(context, result.value) };
  }
}

const describeCopies = ({ copies }: Resolved) =>
  shortened(copies.map(({ from, to }) => `copy ${from} to ${to}`));

function shortened(lines: readonly string[], most = mostShown): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `… and ${(lines.length - most).toLocaleString("en")} more like it`];
}

function layOutHelp(
  { system, program }: Resolved,
  { summary, flags }: ProgramHelp,
  { width, color }: Context,
) {
  const rows = flags.map(({ names, usual, description }) => [names.join(", "), usual, description]);
  return [
    `${color.bold(program)} of ${system}: ${summary}`,
    "",
    ...(rows.length === 0
      ? wrap("It has no flags.", Math.min(width, 100), "  ")
      : table(["flag", "usual", "what it does"], rows)),
  ];
}
