/** @file Columns of text: words to the left, numbers to the right. */

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const isNumber = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[\d.,+-]*$/.test(row[column] ?? "")),
  );
  return all.map((row) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}
