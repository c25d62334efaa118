/** @file `runs`: which runs there are, and their curves. */
import type { Platform } from "../../platform/platform.ts";
import { lineChart, type Panel, type Series } from "../../plot/index.ts";
import { metricsFile, TrackingError } from "../../tracking/index.ts";
import { checkPicture, writePicture } from "../inspect/picture.ts";
import { comparisonOf, curvesOf, panelsOfRun } from "./curves.ts";
import { findRuns } from "./find.ts";
import { type RunsInput, runsSchema } from "./options.ts";
import { type RunSummary, readRun } from "./run.ts";

export type RunsReport =
  | {
      readonly kind: "run";
      readonly run: RunSummary;
      /** All numbers that were measured, by step. */
      readonly curves: readonly Series[];
      /** What is worth a look. */
      readonly panels: readonly Panel[];
    }
  | {
      readonly kind: "runs";
      /** In the order in which they last told something. */
      readonly runs: readonly RunSummary[];
      /** Validation losses side by side; none where none has been validated. */
      readonly panels: readonly Panel[];
    };

/**
 * Looks at runs and writes nothing, but for the picture that is asked for.
 *
 * @throws TrackingError where there is no run, or the one that is named has measured nothing yet, or metrics are damaged
 * @throws UsageError for a picture that is neither SVG nor PNG
 * @throws StorageError as the store does
 */
export async function runs(platform: Platform, input: RunsInput = {}): Promise<RunsReport> {
  const { folders, plot } = runsSchema.parse(input);
  if (plot !== undefined) checkPicture(plot);
  const found = await findRuns(platform.store, folders);
  const read = [];
  for (const { path, name } of found.runs) read.push(await readRun(platform, path, name));
  const [one] = read;
  if (found.isOne) {
    if (one.lines.length === 0) throw nothingMeasured(one.summary.path);
    const panels = panelsOfRun(one);
    if (plot !== undefined) await draw(platform, plot, one.summary.name, panels);
    return { kind: "run", run: one.summary, curves: curvesOf(one.lines), panels };
  }
  const comparison = comparisonOf(read);
  const panels = comparison === undefined ? [] : [comparison];
  if (plot !== undefined) await draw(platform, plot, "Runs", panels);
  const summaries = read.map(({ summary }) => summary);
  return { kind: "runs", runs: summaries.sort((a, b) => (a.modified ?? 0) - (b.modified ?? 0)), panels };
}

function nothingMeasured(path: string): TrackingError {
  return new TrackingError(
    `found nothing measured in ${path}, expected lines in ${metricsFile}: let it train until its first report`,
    path,
  );
}

async function draw(
  platform: Platform,
  path: string,
  title: string,
  panels: readonly Panel[],
): Promise<void> {
  if (panels.length === 0) {
    throw new TrackingError(
      "found no losses to draw, expected a run that has been validated: let it train until then, or leave --plot out",
      path,
    );
  }
  await writePicture(platform, path, lineChart({ title, xLabel: "step", panels }));
}
