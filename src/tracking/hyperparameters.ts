/**
 * @file What TensorBoard's HPARAMS tab reads: the experiment's columns, and this run's row. Field numbers are those of
 * tensorboard/plugins/hparams's plugin_data.proto and api.proto, and of google/protobuf/struct.proto.
 */
import { ProtobufWriter } from "../util/protobuf.ts";
import { pluginValue, type SummaryValue } from "./summary.ts";

export type Hyperparameters = Readonly<Record<string, string | number | boolean>>;

/** DataType in api.proto. */
const columnType = { string: 1, boolean: 2, number: 3 } as const;
/** Status in api.proto. */
const status = { success: 1, failure: 2 } as const;

/** @param metricNames tags of scalars that are to be compared, as in "validation/loss". */
export function hyperparameterValues(
  hyperparameters: Hyperparameters,
  metricNames: readonly string[],
  wallTime: number,
): readonly SummaryValue[] {
  return [
    hparamsValue("experiment", 2, (experiment) => {
      experiment.double(3, wallTime);
      for (const [name, value] of Object.entries(hyperparameters)) {
        experiment.message(4, (column) => column.text(1, name).integer(4, columnType[kindOf(value)]));
      }
      for (const tag of metricNames) {
        experiment.message(5, (metric) => metric.message(1, (name) => name.text(2, tag)));
      }
    }),
    hparamsValue("session_start_info", 3, (session) => {
      for (const [name, value] of Object.entries(hyperparameters)) {
        // A map is a list of messages of a key and a value.
        session.message(1, (entry) => entry.text(1, name).message(2, (inside) => writeValue(inside, value)));
      }
      session.double(5, wallTime);
    }),
  ];
}

export function sessionEndValue(isSuccess: boolean, wallTime: number): SummaryValue {
  return hparamsValue("session_end_info", 4, (session) =>
    session.integer(1, isSuccess ? status.success : status.failure).double(2, wallTime),
  );
}

function hparamsValue(name: string, field: number, write: (inside: ProtobufWriter) => unknown): SummaryValue {
  const content = new ProtobufWriter().message(field, write).finish();
  return pluginValue(`_hparams_/${name}`, "hparams", content);
}

function writeValue(inside: ProtobufWriter, value: string | number | boolean): void {
  if (typeof value === "number") inside.double(2, value);
  else if (typeof value === "string") inside.text(3, value);
  else inside.integer(4, value ? 1 : 0);
}

function kindOf(value: string | number | boolean): keyof typeof columnType {
  if (typeof value === "number") return "number";
  return typeof value === "string" ? "string" : "boolean";
}
