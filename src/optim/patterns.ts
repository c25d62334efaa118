/** @file Names of parameters by pattern: `*` stands for any characters, dots included. */

export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(name, pattern.split("*")));
}

/** Whether the parts of a pattern occur in the name in this order, the first at its beginning, the last at its end. */
function matches(name: string, parts: readonly string[]): boolean {
  const [first, ...others] = parts;
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
