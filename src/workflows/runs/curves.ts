/** @file The curves of runs, as panels to be drawn: of one run its losses and learning rate, of several their validation. */
import { mostSeries, type Panel, type Series } from "../../plot/index.ts";
import type { MetricsLine } from "../../tracking/index.ts";
import { type Run, validationLoss } from "./run.ts";

/** A number by the steps at which it was measured. */
export function curveOf(lines: readonly MetricsLine[], name: string, label = name): Series {
  const points = lines.filter(({ numbers }) => numbers[name] !== undefined);
  return { name: label, x: points.map(({ step }) => step), y: points.map(({ numbers }) => numbers[name]) };
}

/** Every number of a run: what is no counter. */
export function curvesOf(lines: readonly MetricsLine[]): readonly Series[] {
  const names = new Set(lines.flatMap(({ numbers }) => Object.keys(numbers)));
  return [...names].filter((name) => name.includes("/")).map((name) => curveOf(lines, name));
}

const unitNames = { nats: ", nats a token", loss: "" } as const;

export function panelsOfRun({ lines, summary }: Run): readonly Panel[] {
  const panels: readonly Panel[] = [
    {
      title: `loss${unitNames[summary.unit]}`,
      focused: true,
      series: [curveOf(lines, "train/loss", "train"), curveOf(lines, validationLoss, "validation")],
    },
    { title: "learning rate", series: [curveOf(lines, "train/learning_rate", "train")] },
  ];
  return panels
    .map((panel) => ({ ...panel, series: panel.series.filter(({ x }) => x.length > 0) }))
    .filter(({ series }) => series.length > 0);
}

/** Of more runs than can be told apart, those with the lowest validation loss. Undefined where none has been validated. */
export function comparisonOf(runs: readonly Run[]): Panel | undefined {
  const lossOf = ({ summary }: Run) => summary.best?.loss ?? Number.POSITIVE_INFINITY;
  const validated = runs.filter(({ summary }) => summary.best !== undefined);
  const chosen = new Set([...validated].sort((a, b) => lossOf(a) - lossOf(b)).slice(0, mostSeries));
  const shown = validated.filter((run) => chosen.has(run));
  if (shown.length === 0) return undefined;
  const unit = shown.every(({ summary }) => summary.unit === "nats") ? "nats" : "loss";
  const rest = validated.length - shown.length;
  return {
    title: `validation loss${unitNames[unit]}${rest > 0 ? `; the ${mostSeries} lowest of ${validated.length} runs` : ""}`,
    focused: true,
    series: shown.map(({ lines, summary }) => curveOf(lines, validationLoss, summary.name)),
  };
}
