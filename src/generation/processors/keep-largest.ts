/** @file Keeps the largest logits and rules out the others; of equal ones those with the lower token are kept. */

export function keepLargest(logits: Float32Array, ascending: Float32Array, count: number): void {
  if (count >= logits.length) return;
  const least = ascending[logits.length - count];
  let room = count;
  for (let i = 0; i < logits.length; i++) if (logits[i] > least) room--;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] > least) continue;
    if (logits[i] < least || room <= 0) logits[i] = Number.NEGATIVE_INFINITY;
    else room--;
  }
}
