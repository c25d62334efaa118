/**
 * @file Splitting by composition: files with the same composer and title, or with the same notes, stay together, so
 * that validation measures music the model has not seen.
 */
import { createRandom, shuffled } from "../util/random.ts";

export interface SplitItem {
  readonly composer: string;
  readonly title: string;
  readonly melody: string;
}

/**
 * For each item whether it is for training. The share is reached as nearly as whole compositions allow; with two
 * compositions or more, neither side is empty.
 *
 * @param share of pieces for training, between 0 and 1.
 */
export function splitByComposition(
  items: readonly SplitItem[],
  share: number,
  seed: number,
): readonly boolean[] {
  const groups = groupItems(items);
  // The order does not depend on how files are listed, only on what they are called.
  const order = shuffled(
    [...groups].sort((a, b) => (a.key < b.key ? -1 : 1)),
    createRandom(seed).fork("split"),
  );
  const wanted = Math.round(items.length * share);
  const training = new Set<number>();
  order.forEach(({ members }, index) => {
    const isFirst = index === 0;
    const isLast = index === order.length - 1;
    const nearer = training.size + members.length / 2 <= wanted;
    if ((isFirst && share > 0) || (nearer && (!isLast || share >= 1 || order.length === 1))) {
      for (const member of members) training.add(member);
    }
  });
  return items.map((_, index) => training.has(index));
}

/** Items joined by title or by notes, transitively. */
function groupItems(items: readonly SplitItem[]): { readonly key: string; readonly members: number[] }[] {
  const parent = items.map((_, index) => index);
  const find = (index: number): number => {
    while (parent[index] !== index) {
      parent[index] = parent[parent[index]];
      index = parent[index];
    }
    return index;
  };
  const known = new Map<string, number>();
  const keys = items.map((item) => `${item.composer}\n${item.title}`.toLowerCase());
  items.forEach((item, index) => {
    for (const key of [keys[index], `notes ${item.melody}`]) {
      const other = known.get(key);
      if (other === undefined) known.set(key, index);
      else parent[find(index)] = find(other);
    }
  });
  const groups = new Map<number, { key: string; members: number[] }>();
  items.forEach((_, index) => {
    const root = find(index);
    const group = groups.get(root) ?? { key: keys[index], members: [] };
    group.members.push(index);
    if (keys[index] < group.key) group.key = keys[index];
    groups.set(root, group);
  });
  return [...groups.values()];
}
