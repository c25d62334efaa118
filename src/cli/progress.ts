/** @file The progress line: rewritten in place in a terminal, now and then elsewhere. */
import type { Progress } from "../platform/platform.ts";

/** Milliseconds between two lines. */
const inTerminal = 100;
const elsewhere = 10_000;

export interface ProgressLine {
  report(event: Progress): void;
  /** Clears the line, so that other output may follow. */
  clear(): void;
}

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let stage = "";
  let began = 0;
  let shown = 0;
  let visible = false;
  return {
    report(event) {
      const now = Date.now();
      if (event.stage !== stage) {
        stage = event.stage;
        began = now;
        shown = stream.isTTY ? 0 : now;
      }
      const isLast = event.done >= event.total && event.total > 0;
      if (now - shown < (stream.isTTY ? inTerminal : elsewhere) && !(isLast && stream.isTTY)) return;
      shown = now;
      const line = describe(event, (now - began) / 1000);
      if (stream.isTTY) {
        stream.write(`\r${line.slice(0, (stream.columns ?? 80) - 1)}\u001b[K`);
        visible = true;
      } else stream.write(`${line}\n`);
    },
    clear() {
      if (visible) stream.write("\r\u001b[K");
      visible = false;
    },
  };
}

function describe(event: Progress, seconds: number): string {
  const { stage, done, total, unit, detail } = event;
  const rate = seconds > 0.5 ? done / seconds : 0;
  const estimate = rate > 0 && total > done ? (total - done) / rate : undefined;
  const remaining = event.secondsLeft ?? estimate;
  const left = `${detail === undefined ? "" : ` · ${detail}`}${remaining === undefined ? "" : ` · ${formatSeconds(remaining)} left`}`;
  const share = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : "";
  return `${stage}: ${formatCount(done, unit)} of ${formatCount(total, unit)} ${unit}${share}${left}`;
}

function formatCount(count: number, unit: string): string {
  return unit === "bytes" ? `${(count / 2 ** 20).toFixed(1)} Mi` : count.toLocaleString("en");
}

function formatSeconds(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
