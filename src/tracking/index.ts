/** @module Tracking: what training tells, as TensorBoard event files and as `metrics.jsonl`. */
export { TrackingError } from "./error.ts";
export type { Hyperparameters } from "./hyperparameters.ts";
export { type MetricsLine, metricsFile, parseMetrics, type RunState } from "./metrics.ts";
export type { TrackingStore } from "./store.ts";
export { openTracker, type Tracker, type TrackerOptions } from "./tracker.ts";
