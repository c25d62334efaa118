/** @file `metrics.jsonl`: one JSON object a line, in the order in which things happened. */
import { TrackingError } from "./error.ts";

/** How a run ended; a run without is under way, or was killed. */
export const runStates = ["finished", "interrupted", "failed"] as const;
export type RunState = (typeof runStates)[number];

export interface MetricsLine {
  readonly step: number;
  /** All other numbers of the line, by name; NaN where the line has `null`. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly state?: RunState;
}

export const metricsFile = "metrics.jsonl";

/** JSON knows no NaN and no infinity: they are `null`. Event files keep them. */
export function formatMetrics(step: number, fields: Readonly<Record<string, number | RunState>>): string {
  return `${JSON.stringify({ step, ...fields })}\n`;
}

/**
 * The lines of a file. The last one is left out where a kill has cut it.
 *
 * @throws TrackingError for another line that is no object with a step.
 */
export function parseMetrics(text: string, path: string): readonly MetricsLine[] {
  return readLines(text, path).map(({ line }) => line);
}

/**
 * What remains of a file when training goes on after a step: later lines are not, and the run has not ended.
 *
 * @throws TrackingError as `parseMetrics`
 */
export function metricsUntil(text: string, step: number, path: string): string {
  return readLines(text, path)
    .filter(({ line }) => line.step <= step && line.state === undefined)
    .map((each) => `${each.text}\n`)
    .join("");
}

function readLines(
  text: string,
  path: string,
): readonly { readonly text: string; readonly line: MetricsLine }[] {
  const lines = text.split("\n");
  return lines.flatMap((each, i) => {
    if (each.trim() === "") return [];
    const line = parseLine(each);
    if (line !== undefined) return [{ text: each, line }];
    if (i === lines.length - 1) return [];
    throw new TrackingError(
      `found line ${i + 1} of ${path} that is no metrics, expected a JSON object with a step: remove the line`,
      path,
    );
  });
}

function parseLine(text: string): MetricsLine | undefined {
  const fields = parseObject(text);
  if (fields === undefined) return undefined;
  const numbers = Object.entries(fields).flatMap(([name, value]): readonly (readonly [string, number])[] => {
    if (value === null) return [[name, Number.NaN]];
    return typeof value === "number" ? [[name, value]] : [];
  });
  const { step = Number.NaN, ...rest } = Object.fromEntries(numbers);
  if (!Number.isSafeInteger(step)) return undefined;
  const { state: ended } = fields;
  const state = runStates.find((each) => each === ended);
  return { step, numbers: rest, ...(state && { state }) };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : undefined;
  } catch {
    // No JSON: the caller knows whether it is the line that was cut, and says so where it is not.
    return undefined;
  }
}
