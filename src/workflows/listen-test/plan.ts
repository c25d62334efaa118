/** @file Which systems meet in which trial, and on which side: all as often. */

/** One pair of excerpts, by the indices of their systems. */
export interface Meeting {
  readonly a: number;
  readonly b: number;
  /** Meetings of one coin change sides together, or not at all. */
  readonly coin: number;
}

/** So many meetings at least; more where otherwise some systems would meet more often than others. */
export function meetingsOf(systems: number, atLeast: number): readonly Meeting[] {
  const matches = Array.from({ length: systems }, (_, a) =>
    Array.from({ length: systems - a - 1 }, (_, i) => ({ a, b: a + 1 + i })),
  ).flat();
  const each = Math.ceil(atLeast / matches.length);
  const meetings: Meeting[] = [];
  let coin = 0;
  for (const { a, b } of matches) {
    // There and back: whichever way the coin falls, both are A once.
    for (let i = 0; i < Math.floor(each / 2); i++, coin++) {
      meetings.push({ a, b, coin }, { a: b, b: a, coin });
    }
  }
  if (each % 2 === 0) return meetings;
  // Around a circle, each is A against those that come next, so that what is left over is even as far as it can be.
  const isBefore = (a: number, b: number) =>
    2 * (b - a) < systems || (2 * (b - a) === systems && a % 2 === 0);
  return [
    ...meetings,
    ...matches.map(({ a, b }) => (isBefore(a, b) ? { a, b, coin } : { a: b, b: a, coin })),
  ];
}
