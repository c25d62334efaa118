/** @file `rubato runs`. */
import { type Panel, terminalLines } from "../../plot/index.ts";
import { plainText } from "../../util/text.ts";
import { type RunSummary, type RunsReport, runs, runsSchema } from "../../workflows/runs/index.ts";
import { defineCommand } from "../command.ts";
import { count, length, type Page, pageOf, row, section, shorten } from "../inspect/page.ts";
import { table } from "../table.ts";

export default defineCommand({
  name: "runs",
  summary: "list the runs of training, and draw their curves",
  positional: ["folders"],
  schema: runsSchema,
  examples: [
    { line: "rubato runs", does: "all runs under runs/, and their validation losses side by side" },
    { line: "rubato runs runs/first", does: "the curves of one run" },
    { line: "rubato runs runs/first --plot curves.svg", does: "the same as a picture" },
    { line: "rubato runs runs/first runs/second", does: "two runs side by side" },
    { line: "rubato runs runs/first --json", does: "every number that was measured, for other programs" },
  ],
  async run(options, context) {
    const report = await runs(context.platform, options);
    return { json: jsonOf(report), lines: layOut(pageOf(context), report) };
  },
});

function jsonOf(report: RunsReport): unknown {
  if (report.kind === "runs") return { kind: "runs", runs: report.runs.map(dated) };
  const curves = report.curves.map(({ name, x, y }) => [name, { steps: x, values: y }] as const);
  return { kind: "run", ...dated(report.run), curves: Object.fromEntries(curves) };
}

function dated({ modified, ...rest }: RunSummary) {
  return { ...rest, ...(modified !== undefined && { modified: new Date(modified).toISOString() }) };
}

export function layOut(page: Page, report: RunsReport): readonly string[] {
  const charts = report.panels.flatMap((panel) => ["", ...drawPanel(page, panel)]);
  if (report.kind === "run") return [...layOutRun(page, report.run), ...charts];
  return [...layOutList(page, report.runs), ...(report.runs.length > 1 ? charts : [])];
}

function drawPanel({ width, isColorful }: Page, panel: Panel): readonly string[] {
  const series = panel.series.map((each) => ({ ...each, name: shorten(each.name, 40) }));
  return terminalLines({ ...panel, series }, "step", { width, color: isColorful });
}

function layOutRun(page: Page, run: RunSummary): readonly string[] {
  const { best, tokens, seconds } = run;
  return [
    page.color.bold(plainText(run.path)),
    ...row(page, "model", [run.model ?? "no checkpoint yet"]),
    ...row(page, "state", [
      run.state,
      ...(run.modified === undefined ? [] : [`last heard of ${when(run.modified)}`]),
    ]),
    ...row(page, "trained", [
      count(run.steps, "step"),
      ...(tokens === undefined ? [] : [count(tokens, "token")]),
      ...(seconds === undefined ? [] : [length(seconds)]),
    ]),
    ...row(page, "best", [
      best === undefined
        ? "not validated yet"
        : `validation loss ${best.loss.toFixed(4)} at step ${best.step.toLocaleString("en")}`,
    ]),
    ...section(page, "Damaged", run.damage === undefined ? [] : [`  ${run.damage}`]),
  ];
}

const header = ["run", "model", "steps", "tokens", "best validation", "last heard of", "state"];

function layOutList(page: Page, all: readonly RunSummary[]): readonly string[] {
  const rows = all.map(({ name, model, steps, tokens, best, modified, state }) => [
    shorten(name, 40),
    model ?? "-",
    steps.toLocaleString("en"),
    tokens?.toLocaleString("en") ?? "-",
    best?.loss.toFixed(4) ?? "-",
    modified === undefined ? "-" : when(modified),
    state,
  ]);
  const [head, ...body] = table(header, rows);
  const damaged = all.flatMap(({ damage }) => (damage === undefined ? [] : [`  ${damage}`]));
  return [page.color.bold(head), ...body, ...section(page, "Damaged checkpoints", damaged)];
}

/** In UTC, so that it reads the same everywhere: "2026-02-01 17:03 UTC". */
function when(modified: number): string {
  return `${new Date(modified).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
