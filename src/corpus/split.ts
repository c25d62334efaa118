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
 * For each item whether it is for training. The share is reached as nearly as whole compositions in a random order
 * allow; with two compositions or more, neither side is empty unless the share is 1.
 *
 * @param share of items for training, above 0 and up to 1.
 */
export function splitByComposition(
  items: readonly SplitItem[],
  share: number,
  seed: number,
): readonly boolean[] {
  // The order does not depend on how files are listed, only on what they are called.
  const groups = shuffled(
    groupItems(items).sort((a, b) => (a.key < b.key ? -1 : 1)),
    createRandom(seed).fork("split"),
  );
  const wanted = items.length * share;
  const training = new Set<Group>();
  let count = 0;
  for (const group of groups) {
    if (count + group.members.length / 2 > wanted) continue;
    training.add(group);
    count += group.members.length;
  }
  const [smallest] = [...groups].sort((a, b) => a.members.length - b.members.length);
  if (training.size === 0 && smallest) training.add(smallest);
  if (training.size === groups.length && groups.length > 1 && share < 1) training.delete(smallest);
  const members = new Set([...training].flatMap((group) => group.members));
  return items.map((_, index) => members.has(index));
}

/** Items that must not be parted, by index. */
interface Group {
  readonly key: string;
  readonly members: readonly number[];
}

/** Items joined by title or by notes, transitively. */
function groupItems(items: readonly SplitItem[]): Group[] {
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
