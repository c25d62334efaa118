/** @file Many small ranges of few files: read in large pieces, the next one while the last is made use of. */
import { CorpusError } from "../../corpus/error.ts";
import type { Store } from "../../platform/platform.ts";
import type { StoredRange } from "./entry.ts";

/** Read at once: far above the cost of a call, and well within the processor's cache. */
const largestSpan = 2 ** 20;
/** Bytes that nobody asked for are read along, rather than made the reason for another call. */
const largestGap = 2 ** 16;

/** Neighbouring ranges of one file. */
interface Span {
  readonly file: string;
  readonly offset: number;
  length: number;
  readonly ranges: StoredRange[];
}

/** The bytes of each range, in order. They share memory with those of their neighbours. */
export async function* readRanges(store: Store, ranges: readonly StoredRange[]): AsyncGenerator<Uint8Array> {
  const spans = joinRanges(ranges);
  const read = (span: Span | undefined) => {
    const bytes = span && store.read(span.file, span);
    // Where the caller stops early, nobody is left to hear that this failed.
    bytes?.catch(() => undefined);
    return bytes;
  };
  let coming = read(spans[0]);
  for (const [index, { file, offset, length, ranges }] of spans.entries()) {
    const bytes = await coming;
    if (bytes?.length !== length) {
      throw new CorpusError(
        `found ${file} cut off, expected ${offset + length} bytes: remove it, and run again`,
      );
    }
    coming = read(spans[index + 1]);
    for (const range of ranges) {
      yield bytes.subarray(range.offset - offset, range.offset - offset + range.length);
    }
  }
}

function joinRanges(ranges: readonly StoredRange[]): readonly Span[] {
  const spans: Span[] = [];
  for (const range of ranges) {
    const { file, offset, length } = range;
    const last = spans.at(-1);
    const gap = last ? offset - last.offset - last.length : 0;
    if (last?.file === file && gap >= 0 && gap <= largestGap && last.length + gap + length <= largestSpan) {
      last.length += gap + length;
      last.ranges.push(range);
    } else spans.push({ file, offset, length, ranges: [range] });
  }
  return spans;
}
