/** @file Bars of text: numbers as a row of blocks, an eighth of a line at a time. */

const blocks = [..." ▁▂▃▄▅▆▇█"];

/**
 * One line: each value as a bar, the largest a full block, and what is not zero never blank. With `width`, the values
 * are stretched over that many columns, or averaged into them.
 *
 * @example bars([0, 1, 2, 4]) → " ▂▄█"
 */
export function bars(values: readonly number[], options: { readonly width?: number } = {}): string {
  const columns = resample(values, options.width ?? values.length);
  const most = Math.max(0, ...columns);
  return columns.map((value) => block(most > 0 ? value / most : 0)).join("");
}

/** The block for a share of a line, 0 to 1. */
export function block(share: number): string {
  return blocks[share > 0 ? Math.max(1, Math.round(share * 8)) : 0];
}

/** The mean of the values in each of equally wide columns; a value on a border counts by its parts. */
function resample(values: readonly number[], columns: number): readonly number[] {
  if (values.length === 0) return new Array<number>(columns).fill(0);
  const ratio = values.length / columns;
  return Array.from({ length: columns }, (_, column) => {
    const from = column * ratio;
    const to = from + ratio;
    let sum = 0;
    for (let i = Math.floor(from); i < Math.min(values.length, to); i++) {
      sum += values[i] * (Math.min(to, i + 1) - Math.max(from, i));
    }
    return sum / ratio;
  });
}
