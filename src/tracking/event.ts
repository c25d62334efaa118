/** @file The events of a TensorBoard file, framed as records. Field numbers are those of tensorflow/core/util/event.proto. */
import { ProtobufWriter } from "../util/protobuf.ts";
import { frameRecord } from "./record.ts";
import type { SummaryValue } from "./summary.ts";

/** Seconds since 1970, and the step of training. */
export interface Moment {
  readonly wallTime: number;
  readonly step: number;
}

/** SessionLog.START */
const sessionStart = 1;

/** What every event file begins with. */
export function versionEvent(wallTime: number): Uint8Array {
  return event({ wallTime, step: 0 }, (inside) => inside.text(3, "brain.Event:2"));
}

/** Says that what earlier files tell from this step on did not happen: TensorBoard forgets it. */
export function sessionStartEvent(moment: Moment): Uint8Array {
  return event(moment, (inside) => inside.message(7, (log) => log.integer(1, sessionStart)));
}

export function summaryEvent(moment: Moment, values: readonly SummaryValue[]): Uint8Array {
  return event(moment, (inside) =>
    inside.message(5, (summary) => {
      for (const value of values) summary.message(1, value);
    }),
  );
}

function event({ wallTime, step }: Moment, write: (inside: ProtobufWriter) => unknown): Uint8Array {
  const inside = new ProtobufWriter().double(1, wallTime).integer(2, step);
  write(inside);
  return frameRecord(inside.finish());
}
