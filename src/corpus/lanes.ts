/**
 * @file Lanes: pieces one after the other, divided among the rows of a batch so that all rows end together. A piece that
 * lies on a border is parted between two lanes; at the worst every lane begins in the middle of one.
 */

/** A part of an item, as shares of its length: 0 is its beginning, 1 its end. */
export interface LanePart<Item> {
  readonly item: Item;
  readonly from: number;
  readonly to: number;
}

/** As many lanes as asked for, of equal length; every item lies in them once, in order. */
export function divideLanes<Item>(
  items: readonly Item[],
  lengthOf: (item: Item) => number,
  count: number,
): readonly (readonly LanePart<Item>[])[] {
  const total = items.reduce((sum, item) => sum + lengthOf(item), 0);
  const borders = Array.from({ length: count + 1 }, (_, lane) => Math.round((lane * total) / count));
  const lanes: LanePart<Item>[][] = Array.from({ length: count }, () => []);
  let begin = 0;
  let lane = 0;
  for (const item of items) {
    const length = lengthOf(item);
    for (let at = begin, to = at; at < begin + length; at = to) {
      while (borders[lane + 1] <= at) lane++;
      to = Math.min(begin + length, borders[lane + 1]);
      lanes[lane].push({ item, from: (at - begin) / length, to: (to - begin) / length });
    }
    begin += length;
  }
  return lanes;
}
