/** @file The tracker of a run: what training tells goes into `metrics.jsonl` and a TensorBoard event file. */
import { sessionStartEvent, summaryEvent, versionEvent } from "./event.ts";
import { histogramOf } from "./histogram.ts";
import { type Hyperparameters, hyperparameterValues, sessionEndValue } from "./hyperparameters.ts";
import { openJournal } from "./journal.ts";
import { formatMetrics, metricsFile, metricsUntil, type RunState } from "./metrics.ts";
import type { TrackingStore } from "./store.ts";
import { histogramValue, scalarValue, textValue } from "./summary.ts";

export interface TrackerOptions {
  /** Steps that the run has behind it: what its files tell of later ones is dropped. 0 begins anew. */
  readonly step: number;
  /** The clock on the wall, in seconds since 1970. */
  readonly wallTime: () => number;
}

/** Everything is kept in memory until `flush`. Names of scalars are TensorBoard's: "train/loss", "validation/loss". */
export interface Tracker {
  /**
   * One line of `metrics.jsonl`, and a point on a curve for each value.
   *
   * @param counters stand in the line alone: `tokens` and `seconds` so far.
   */
  scalars(
    step: number,
    values: Readonly<Record<string, number>>,
    counters?: Readonly<Record<string, number>>,
  ): void;
  /** The arrays are counted at once, and may be written to afterwards. */
  histograms(step: number, values: Readonly<Record<string, Float32Array>>): void;
  text(step: number, name: string, markdown: string): void;
  /** A row of the HPARAMS tab, with the last values of some scalars beside it. */
  hyperparameters(values: Hyperparameters, metricNames: readonly string[]): void;
  /**
   * Appends to the files. To be called before a checkpoint is written, so that a run that goes on from it has the lines
   * that led to it.
   *
   * @throws StorageError as the store does; what was not written is kept for the next time.
   */
  flush(): Promise<void>;
  /** Says how the run ended, and flushes. An interrupted run may go on, and so has no end in the HPARAMS tab. */
  close(state: RunState): Promise<void>;
}

/**
 * Opens the files of a run, to begin or to go on. Going on cuts `metrics.jsonl` after `step`, in one stroke, and begins
 * another event file, which tells TensorBoard to forget later steps.
 *
 * @throws TrackingError where `metrics.jsonl` is damaged
 * @throws StorageError as the store does
 */
export async function openTracker(
  store: TrackingStore,
  folder: string,
  { step: begin, wallTime }: TrackerOptions,
): Promise<Tracker> {
  const path = `${folder}/${metricsFile}`;
  await cutMetrics(store, path, begin);
  const metrics = openJournal(store, path);
  const events = openJournal(store, await nextEventFile(store, folder, wallTime()));
  let latest = begin;
  const momentOf = (step: number) => {
    latest = Math.max(latest, step);
    return { step, wallTime: wallTime() };
  };
  const addLine = (line: string) => metrics.add(new TextEncoder().encode(line));
  const flush = async () => {
    await metrics.flush();
    await events.flush();
  };
  events.add(versionEvent(wallTime()));
  // TensorBoard forgets the step itself too, and that one stays.
  events.add(sessionStartEvent({ step: begin + 1, wallTime: wallTime() }));
  return {
    scalars(step, values, counters = {}) {
      const moment = momentOf(step);
      addLine(formatMetrics(step, { ...counters, ...values }));
      const summary = Object.entries(values).map(([name, value]) => scalarValue(name, value));
      if (summary.length > 0) events.add(summaryEvent(moment, summary));
    },
    histograms(step, values) {
      const summary = Object.entries(values).map(([name, array]) => histogramValue(name, histogramOf(array)));
      if (summary.length > 0) events.add(summaryEvent(momentOf(step), summary));
    },
    text(step, name, markdown) {
      events.add(summaryEvent(momentOf(step), [textValue(name, markdown)]));
    },
    hyperparameters(values, metricNames) {
      const moment = momentOf(latest);
      for (const value of hyperparameterValues(values, metricNames, moment.wallTime)) {
        events.add(summaryEvent(moment, [value]));
      }
    },
    flush,
    async close(state) {
      addLine(formatMetrics(latest, { state }));
      if (state !== "interrupted") {
        const moment = momentOf(latest);
        events.add(summaryEvent(moment, [sessionEndValue(state === "finished", moment.wallTime)]));
      }
      await flush();
    },
  };
}

/** Rewritten only where something is to be dropped. */
async function cutMetrics(store: TrackingStore, path: string, step: number): Promise<void> {
  if ((await store.stat(path)) === undefined) return;
  const before = new TextDecoder().decode(await store.read(path));
  const after = metricsUntil(before, step, path);
  if (after !== before) await store.write(path, new TextEncoder().encode(after));
}

/** TensorBoard reads the files of a run in the order of their names, and never goes back to an earlier one. */
async function nextEventFile(store: TrackingStore, folder: string, wallTime: number): Promise<string> {
  const files = (await store.stat(folder)) === undefined ? [] : await store.list(folder);
  const taken = files.map(({ path }) =>
    Number(/^events\.out\.tfevents\.(\d+)\.rubato$/.exec(path)?.[1] ?? 0),
  );
  const seconds = taken.reduce((least, each) => Math.max(least, each + 1), Math.floor(wallTime));
  return `${folder}/events.out.tfevents.${seconds}.rubato`;
}
