/**
 * @file The events of one track chunk. This is the hottest loop of the reader: one pass, columns that grow, and
 * every fault of real files answered where it shows.
 */
import type { WarningList } from "./error.ts";
import { hasTwoDataBytes, metaType, type Track } from "./file.ts";

/** Data bytes that follow the system messages which have no place in a file: F1 to F6, F8 to FE. */
const systemDataBytes: Readonly<Record<number, number>> = { 241: 1, 242: 2, 243: 1 };

const nothing = new Uint8Array(0);

interface Columns {
  tick: Float64Array;
  status: Uint8Array;
  data1: Uint8Array;
  data2: Uint8Array;
  implicit: Uint8Array;
  offset: Uint32Array;
}

/** Reads events from `start` until End of Track or `end`. `next` is the byte after the last one used. */
export function readTrack(
  bytes: Uint8Array,
  start: number,
  end: number,
  label: string,
  warnings: WarningList,
): { readonly track: Track; readonly next: number } {
  // Three bytes an event is typical; growing is rare.
  let columns = allocate(Math.max(16, Math.ceil((end - start) / 3)));
  let capacity = columns.tick.length;
  const payloads = new Map<number, Uint8Array>();
  let count = 0;
  let at = start;
  let tick = 0;
  let running = 0;
  let interrupted = false;
  let ended = false;
  let stopped = false;

  while (at < end) {
    const eventStart = at;

    // Delta time: a variable-length number, almost always of one or two bytes.
    let delta = bytes[at++];
    if (delta >= 0x80) {
      delta &= 0x7f;
      let byte = 0x80;
      while (at < end && byte >= 0x80) {
        byte = bytes[at++];
        delta = delta * 128 + (byte & 0x7f);
        if (delta > 0x0fffffff) break;
      }
      if (delta > 0x0fffffff) {
        warnings.add(
          "bad-number",
          eventStart,
          `${label}: a delta time over 28 bits`,
          "left out the rest of the track",
        );
        stopped = true;
        break;
      }
      if (byte >= 0x80) {
        warnings.add("truncated", eventStart, `${label}: the end inside a delta time`, "dropped it");
        break;
      }
      if (at - eventStart > 4) {
        warnings.add(
          "bad-number",
          eventStart,
          `${label}: a delta time of ${at - eventStart} bytes`,
          "took its value",
        );
      }
    }
    tick += delta;
    if (at >= end) {
      warnings.add("truncated", eventStart, `${label}: the end after a delta time`, "dropped it");
      break;
    }

    let status = bytes[at];
    let implicit = 0;
    if (status < 0x80) {
      if (running === 0) {
        // Without a status the byte means nothing; receivers wait for the next status, and so do we.
        const from = at;
        while (at < end && bytes[at] < 0x80) at++;
        warnings.add("no-status", from, `${label}: ${at - from} data bytes without a status`, "skipped them");
        if (at >= end) break;
        status = bytes[at++];
      } else {
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
      }
    } else at++;

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
        break;
      }
      const data1 = bytes[at++];
      let data2 = two ? bytes[at++] : 0;
      if ((data1 | data2) > 0x7f) {
        if (data1 > 0x7f) {
          warnings.add("bad-data-byte", at, `${label}: data byte ${data1} over 127`, "dropped the event");
          continue;
        }
        warnings.add("bad-data-byte", at, `${label}: data byte ${data2} over 127`, "took 127");
        data2 = 127;
      }
      columns.tick[count] = tick;
      columns.status[count] = status;
      columns.data1[count] = data1;
      columns.data2[count] = data2;
      columns.implicit[count] = implicit;
      columns.offset[count] = eventStart;
      count++;
      continue;
    }

    if (status !== 0xff && status !== 0xf0 && status !== 0xf7) {
      const size = systemDataBytes[status] ?? 0;
      warnings.add(
        "system-message",
        eventStart,
        `${label}: system message ${status.toString(16)}`,
        "skipped it",
      );
      at = Math.min(end, at + size);
      interrupted = true;
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
    while (more && at < end && length <= 0x0fffffff) {
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
        warnings.add("truncated", eventStart, `${label}: an event longer than what is left`, "dropped it");
        at = end;
        stopped = true;
        break;
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
      ended = true;
      break;
    }
  }

  if (!ended) {
    if (!stopped) warnings.add("missing-end-of-track", at, `${label}: no End of Track`, "added one");
    if (count === capacity) columns = grow(columns);
    columns.tick[count] = tick;
    columns.status[count] = 0xff;
    columns.data1[count] = metaType.endOfTrack;
    columns.offset[count] = at;
    payloads.set(count, nothing);
    count++;
  }
  return { track: finish(columns, count, payloads), next: at };
}

function allocate(capacity: number): Columns {
  return {
    tick: new Float64Array(capacity),
    status: new Uint8Array(capacity),
    data1: new Uint8Array(capacity),
    data2: new Uint8Array(capacity),
    implicit: new Uint8Array(capacity),
    offset: new Uint32Array(capacity),
  };
}

function grow(columns: Columns): Columns {
  const grown = allocate(Math.ceil(columns.tick.length * 1.5) + 1);
  grown.tick.set(columns.tick);
  grown.status.set(columns.status);
  grown.data1.set(columns.data1);
  grown.data2.set(columns.data2);
  grown.implicit.set(columns.implicit);
  grown.offset.set(columns.offset);
  return grown;
}

function finish(columns: Columns, count: number, payloads: ReadonlyMap<number, Uint8Array>): Track {
  return {
    count,
    tick: columns.tick.subarray(0, count),
    status: columns.status.subarray(0, count),
    data1: columns.data1.subarray(0, count),
    data2: columns.data2.subarray(0, count),
    implicit: columns.implicit.subarray(0, count),
    offset: columns.offset.subarray(0, count),
    payloads,
  };
}
