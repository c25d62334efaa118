/** @file Numbers as classes, one-hot: how controls of one number are told to a model. */
import { UsageError } from "../util/errors.ts";

/** A number below the first threshold is of class 0; one that none of them exceeds is of the last class. */
export function classOf(value: number, thresholds: readonly number[]): number {
  const index = thresholds.findIndex((threshold) => value < threshold);
  return index < 0 ? thresholds.length : index;
}

export function oneHot(index: number, size: number): Float32Array {
  const row = new Float32Array(size);
  row[index] = 1;
  return row;
}

/**
 * Numbers in time, as they are typed: "2,8,2".
 *
 * @throws UsageError for anything else, and for what lies outside the range
 */
export function readNumbers(
  text: string,
  {
    option,
    least,
    most,
    what,
  }: { readonly option: string; readonly least: number; readonly most: number; readonly what: string },
): readonly number[] {
  const words = text.split(/[[\],;\s]+/).filter((word) => word !== "");
  const values = words.map(Number);
  if (values.length > 0 && values.every((value) => value >= least && value <= most)) return values;
  throw new UsageError(
    `found ${option} ${JSON.stringify(text)}, expected ${what} from ${least} to ${most}, or several over the piece as in ${option} ${least},${most},${least}`,
  );
}
