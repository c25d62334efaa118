/**
 * @file The events of one track chunk. This is the hottest loop of the reader: one pass, columns that grow, and
 * every fault of real files answered where it shows.
 */
import { type ColumnPool, type Columns, grow } from "./columns.ts";
import type { WarningList } from "./error.ts";
import { hasTwoDataBytes, metaType, type Track } from "./file.ts";
import { findEvents } from "./resync.ts";
import { type Standing, Suspicion } from "./suspicion.ts";

/** Data bytes that follow the system messages which have no place in a file: F1 to F6, F8 to FE. */
const systemDataBytes: Readonly<Record<number, number>> = { 241: 1, 242: 2, 243: 1 };

/** The largest number that a delta time or a length can say. */
const largestNumber = 0x0fffffff;
/** Events that are left out leave their time to the next one, unless it is absurd (at 480 ticks a quarter: 39 hours). */
const longestInheritance = 0x07ffffff;

const nothing = new Uint8Array(0);

export interface TrackReading {
  readonly track: Track;
  /** The byte after the last one used. */
  readonly next: number;
  /** How the reading ended: at an End of Track, at the end of the bytes between two events, or neither. */
  readonly ending: "marked" | "unmarked" | "broken";
}

/** Reads events from `start` until End of Track or `end`. */
export function readTrack(
  bytes: Uint8Array,
  start: number,
  end: number,
  label: string,
  warnings: WarningList,
  pool: ColumnPool,
): TrackReading {
  // Three bytes an event is typical; growing is rare.
  let columns = pool.take(Math.ceil((end - start) / 3));
  let capacity = columns.tick.length;
  const payloads = new Map<number, Uint8Array>();
  const suspicion = new Suspicion();
  const statuses = new SeenStatuses();
  let count = 0;
  let at = start;
  let tick = 0;
  let running = 0;
  let interrupted = false;
  let ending: TrackReading["ending"] = "unmarked";

  while (at < end) {
    const eventStart = at;
    const tickBefore = tick;
    let heap: Standing | undefined;

    // Delta time: a variable-length number, almost always of one or two bytes.
    let delta = bytes[at++];
    if (delta >= 0x80) {
      delta &= 0x7f;
      let byte = 0x80;
      while (at < end && byte >= 0x80 && delta <= largestNumber) {
        byte = bytes[at++];
        delta = delta * 128 + (byte & 0x7f);
      }
      if (byte >= 0x80 && delta <= largestNumber) {
        warnings.add("truncated", eventStart, `${label}: the end inside a delta time`, "dropped it");
        ending = "broken";
        break;
      }
      const size = at - eventStart;
      if (size > 3 && tick + delta - (count === 0 ? 0 : columns.tick[count - 1]) > largestNumber) {
        const next = findEvents(bytes, eventStart + 1, end, statuses.upTo(count, columns));
        const done = next < 0 ? "left out the rest of the track" : `went on at byte ${next}`;
        warnings.add("bad-number", eventStart, `${label}: a delta time over 28 bits`, done);
        running = 0;
        at = next < 0 ? end : next;
        ending = next < 0 ? "broken" : ending;
        continue;
      }
      if (size > 4) {
        warnings.add("bad-number", eventStart, `${label}: a delta time of ${size} bytes`, "took its value");
      }
    }
    tick += delta;
    if (at >= end) {
      warnings.add("truncated", eventStart, `${label}: the end after a delta time`, "dropped it");
      ending = "broken";
      break;
    }

    let status = bytes[at];
    let implicit = 0;
    if (status >= 0x80) at++;
    else if (running > 0) {
      if (interrupted) {
        warnings.add(
          "running-status-across",
          at,
          `${label}: running status across a meta or system event`,
          `went on with status ${running.toString(16)}`,
        );
        interrupted = false;
      }
      status = running;
      implicit = 1;
    } else {
      // Without a status the bytes mean nothing: wait for the first events that do.
      const next = findEvents(bytes, eventStart + 1, end, statuses.upTo(count, columns));
      const found = `${label}: ${(next < 0 ? end : next) - eventStart} bytes without a status`;
      warnings.add(
        "no-status",
        eventStart,
        found,
        next < 0 ? "left out the rest of the track" : "skipped them",
      );
      tick = tickBefore;
      at = next < 0 ? end : next;
      ending = next < 0 ? "broken" : ending;
      continue;
    }

    if (count === capacity) {
      columns = grow(columns);
      capacity = columns.tick.length;
    }

    if (status < 0xf0) {
      running = status;
      interrupted = false;
      const two = hasTwoDataBytes(status);
      if (at + (two ? 2 : 1) > end) {
        warnings.add("truncated", eventStart, `${label}: the end inside an event`, "dropped it");
        at = end;
        ending = "broken";
        break;
      }
      const data1 = bytes[at++];
      let data2 = two ? bytes[at++] : 0;
      if ((data1 | data2) <= 0x7f) {
        columns.tick[count] = tick;
        columns.status[count] = status;
        columns.data1[count] = data1;
        columns.data2[count] = data2;
        columns.implicit[count] = implicit;
        columns.offset[count] = eventStart;
        count++;
        continue;
      }
      // Taking the event as long as it should be recovers most: writers overflow, and memory loses single bits.
      const wrongFirstByte = data1 > 0x7f;
      heap = suspicion.add({ status, wrongFirstByte }, eventStart, count, tickBefore, warnings);
      if (heap === undefined && wrongFirstByte) {
        const place = at - (two ? 2 : 1);
        warnings.add("bad-data-byte", place, `${label}: data byte ${data1} over 127`, "dropped the event");
        tick = inherited(tick, columns, count);
        continue;
      }
      if (heap === undefined) {
        warnings.add("bad-data-byte", at - 1, `${label}: data byte ${data2} over 127`, "took 127");
        data2 = 127;
        columns.tick[count] = tick;
        columns.status[count] = status;
        columns.data1[count] = data1;
        columns.data2[count] = data2;
        columns.implicit[count] = implicit;
        columns.offset[count] = eventStart;
        count++;
        continue;
      }
    } else if (status !== 0xff && status !== 0xf0 && status !== 0xf7) {
      heap = suspicion.add({ status, wrongFirstByte: false }, eventStart, count, tickBefore, warnings);
      if (heap === undefined) {
        warnings.add(
          "system-message",
          eventStart,
          `${label}: system message ${status.toString(16)}`,
          "skipped it",
        );
        const last = Math.min(end, at + (systemDataBytes[status] ?? 0));
        while (at < last && bytes[at] < 0x80) at++;
        tick = inherited(tick, columns, count);
        interrupted = true;
        continue;
      }
    }

    if (heap !== undefined) {
      for (let i = heap.count; i < count; i++) payloads.delete(i);
      count = heap.count;
      tick = heap.tick;
      warnings.rewind(heap.mark);
      const next = findEvents(bytes, heap.at + 1, end, statuses.upTo(count, columns));
      const found = `${label}: ${(next < 0 ? end : next) - heap.at} bytes that are no events`;
      warnings.add("garbage", heap.at, found, next < 0 ? "left out the rest of the track" : "skipped them");
      running = 0;
      at = next < 0 ? end : next;
      ending = next < 0 ? "broken" : ending;
      continue;
    }

    // Meta and system exclusive events carry a length.
    interrupted = true;
    let type = 0;
    if (status === 0xff) {
      type = at < end ? bytes[at++] : 0;
    }
    let length = 0;
    let more = true;
    while (more && at < end && length <= largestNumber) {
      const byte = bytes[at++];
      length = length * 128 + (byte & 0x7f);
      more = byte >= 0x80;
    }
    if (more || at + length > end) {
      if (type === metaType.endOfTrack && status === 0xff) {
        // The end is the end, whatever its length says.
        warnings.add("truncated", eventStart, `${label}: End of Track cut short`, "took it as the end");
        length = 0;
        at = end;
      } else {
        const next = findEvents(bytes, eventStart + 1, end, statuses.upTo(count, columns));
        const done = next < 0 ? "dropped it" : `dropped it, went on at byte ${next}`;
        warnings.add("truncated", eventStart, `${label}: an event longer than what is left`, done);
        tick = tickBefore;
        running = 0;
        at = next < 0 ? end : next;
        ending = next < 0 ? "broken" : ending;
        continue;
      }
    }
    columns.tick[count] = tick;
    columns.status[count] = status;
    columns.data1[count] = type;
    columns.data2[count] = 0;
    columns.implicit[count] = 0;
    columns.offset[count] = eventStart;
    payloads.set(count, length === 0 ? nothing : bytes.slice(at, at + length));
    count++;
    at += length;
    if (status === 0xff && type === metaType.endOfTrack) {
      ending = "marked";
      break;
    }
  }

  if (ending !== "marked") {
    warnings.add("missing-end-of-track", at, `${label}: no End of Track`, "added one");
    if (count === capacity) columns = grow(columns);
    columns.tick[count] =
      count === 0 ? 0 : Math.max(columns.tick[count - 1], inherited(tick, columns, count));
    columns.status[count] = 0xff;
    columns.data1[count] = metaType.endOfTrack;
    columns.data2[count] = 0;
    columns.implicit[count] = 0;
    columns.offset[count] = at;
    payloads.set(count, nothing);
    count++;
  }
  return { track: pool.finish(columns, count, payloads), next: at, ending };
}

/** The tick after an event that was left out: its delta time counts, unless the gap grows absurd. */
function inherited(tick: number, columns: Columns, count: number): number {
  const last = count === 0 ? 0 : columns.tick[count - 1];
  return tick - last > longestInheritance ? last : tick;
}

/** Which channel statuses the events so far use, by their low seven bits; asked for only where reading went astray. */
class SeenStatuses {
  readonly #seen = new Uint8Array(128);
  #counted = 0;

  upTo(count: number, { status }: Columns): Uint8Array {
    for (; this.#counted < count; this.#counted++) {
      if (status[this.#counted] < 0xf0) this.#seen[status[this.#counted] & 0x7f] = 1;
    }
    return this.#seen;
  }
}
