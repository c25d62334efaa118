/**
 * @file What an event may tell: a scalar, a histogram, a text. Field numbers are those of tensorflow/core/framework's
 * summary.proto, histogram.proto and tensor.proto.
 */
import type { ProtobufWriter } from "../util/protobuf.ts";
import type { Histogram } from "./histogram.ts";

/** Writes one Summary.Value. */
export type SummaryValue = (value: ProtobufWriter) => unknown;

/** DT_FLOAT and DT_STRING. */
const dataType = { float: 1, string: 7 } as const;
/** DATA_CLASS_TENSOR: what plug-ins without a class of their own have. */
const tensorClass = 2;

/** As `simple_value`, which every reader of event files knows; TensorBoard itself turns it into a tensor. */
export function scalarValue(tag: string, number: number): SummaryValue {
  return (value) => value.text(1, tag).float(2, number);
}

export function histogramValue(tag: string, histogram: Histogram): SummaryValue {
  const { minimum, maximum, count, sum, sumOfSquares, limits, buckets } = histogram;
  return (value) =>
    value
      .text(1, tag)
      .message(5, (inside) =>
        inside
          .double(1, minimum)
          .double(2, maximum)
          .double(3, count)
          .double(4, sum)
          .double(5, sumOfSquares)
          .doubles(6, limits)
          .doubles(7, buckets),
      );
}

/** A string tensor without axes, in Markdown. */
export function textValue(tag: string, markdown: string): SummaryValue {
  return (value) =>
    value
      .text(1, tag)
      .message(8, (tensor) =>
        tensor
          .integer(1, dataType.string)
          .message(2, (shape) => shape)
          .text(8, markdown),
      )
      .message(9, metadata("text", new Uint8Array()));
}

/** What a plug-in keeps in its metadata; the tensor is for readers that expect one. */
export function pluginValue(tag: string, plugin: string, content: Uint8Array): SummaryValue {
  return (value) =>
    value
      .text(1, tag)
      .message(8, (tensor) =>
        tensor
          .integer(1, dataType.float)
          .message(2, (shape) => shape.message(2, (axis) => axis.integer(1, 1)))
          .floats(5, [0]),
      )
      .message(9, metadata(plugin, content));
}

function metadata(plugin: string, content: Uint8Array) {
  return (inside: ProtobufWriter) =>
    inside.message(1, (data) => data.text(1, plugin).bytes(2, content)).integer(4, tensorClass);
}
