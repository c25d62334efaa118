/** @file Times as people type them. */
import { UsageError } from "../../util/errors.ts";

const secondsIn: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/**
 * "90s", "10m" or "2.5h" in seconds.
 *
 * @throws UsageError for anything else
 */
export function readDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const seconds = Number(amount) * (secondsIn.get(unit) ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new UsageError(`--for: found "${text}", expected a time such as 90s, 10m or 2.5h`);
}
