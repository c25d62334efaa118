/** @file "Did you mean": the names nearest to a misspelt one. */
import { distance } from "fastest-levenshtein";

/** Up to `count` names, nearest first: by edits, or by how much of a longer name the word covers. */
export function nearest(word: string, names: readonly string[], count: number): string[] {
  const wanted = word.toLowerCase();
  const cost = (name: string) => {
    const lower = name.toLowerCase();
    const parts = [lower, ...lower.split(/[\s/-]+/)];
    return Math.min(...parts.map((part) => distance(wanted, part)));
  };
  return names
    .map((name) => ({ name, cost: cost(name) }))
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** `; did you mean "performance"?`, or nothing where no name is near. */
export function suggestion(word: string, names: readonly string[]): string {
  const whole = (name: string) => distance(word.toLowerCase(), name.toLowerCase());
  const [best] = nearest(word, names, names.length).sort((a, b) => whole(a) - whole(b));
  const near = best !== undefined && whole(best) <= Math.max(2, word.length / 3);
  return near ? `; did you mean "${best}"?` : "";
}
