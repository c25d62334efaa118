/**
 * @file A reader of event files that shares nothing with the writer: checksums bit by bit, messages by protobufjs from
 * TensorFlow's and TensorBoard's schemas, written here once more as JSON.
 */
import protobuf from "protobufjs";
import { z } from "zod";

const nested = {
  Event: {
    oneofs: { what: { oneof: ["file_version", "summary", "session_log"] } },
    fields: {
      wall_time: { type: "double", id: 1 },
      step: { type: "int64", id: 2 },
      file_version: { type: "string", id: 3 },
      summary: { type: "Summary", id: 5 },
      session_log: { type: "SessionLog", id: 7 },
    },
  },
  SessionLog: {
    fields: { status: { type: "SessionStatus", id: 1 } },
  },
  SessionStatus: { values: { STATUS_UNSPECIFIED: 0, START: 1, STOP: 2, CHECKPOINT: 3 } },
  Summary: { fields: { value: { rule: "repeated", type: "Value", id: 1 } } },
  Value: {
    oneofs: { value: { oneof: ["simple_value", "histo", "tensor"] } },
    fields: {
      tag: { type: "string", id: 1 },
      simple_value: { type: "float", id: 2 },
      histo: { type: "HistogramProto", id: 5 },
      tensor: { type: "TensorProto", id: 8 },
      metadata: { type: "SummaryMetadata", id: 9 },
    },
  },
  HistogramProto: {
    fields: {
      min: { type: "double", id: 1 },
      max: { type: "double", id: 2 },
      num: { type: "double", id: 3 },
      sum: { type: "double", id: 4 },
      sum_squares: { type: "double", id: 5 },
      bucket_limit: { rule: "repeated", type: "double", id: 6 },
      bucket: { rule: "repeated", type: "double", id: 7 },
    },
  },
  SummaryMetadata: {
    fields: {
      plugin_data: { type: "PluginData", id: 1 },
      data_class: { type: "DataClass", id: 4 },
    },
  },
  PluginData: {
    fields: { plugin_name: { type: "string", id: 1 }, content: { type: "bytes", id: 2 } },
  },
  DataClass: { values: { DATA_CLASS_UNKNOWN: 0, DATA_CLASS_SCALAR: 1, DATA_CLASS_TENSOR: 2 } },
  TensorProto: {
    fields: {
      dtype: { type: "DataType", id: 1 },
      tensor_shape: { type: "TensorShapeProto", id: 2 },
      float_val: { rule: "repeated", type: "float", id: 5 },
      string_val: { rule: "repeated", type: "bytes", id: 8 },
    },
  },
  DataType: { values: { DT_INVALID: 0, DT_FLOAT: 1, DT_STRING: 7 } },
  TensorShapeProto: { fields: { dim: { rule: "repeated", type: "Dim", id: 2 } } },
  Dim: { fields: { size: { type: "int64", id: 1 } } },
  HParamsPluginData: {
    fields: {
      version: { type: "int32", id: 1 },
      experiment: { type: "Experiment", id: 2 },
      session_start_info: { type: "SessionStartInfo", id: 3 },
      session_end_info: { type: "SessionEndInfo", id: 4 },
    },
  },
  Experiment: {
    fields: {
      time_created_secs: { type: "double", id: 3 },
      hparam_infos: { rule: "repeated", type: "HParamInfo", id: 4 },
      metric_infos: { rule: "repeated", type: "MetricInfo", id: 5 },
    },
  },
  HParamInfo: { fields: { name: { type: "string", id: 1 }, type: { type: "HParamType", id: 4 } } },
  HParamType: {
    values: { DATA_TYPE_UNSET: 0, DATA_TYPE_STRING: 1, DATA_TYPE_BOOL: 2, DATA_TYPE_FLOAT64: 3 },
  },
  MetricInfo: { fields: { name: { type: "MetricName", id: 1 } } },
  MetricName: { fields: { group: { type: "string", id: 1 }, tag: { type: "string", id: 2 } } },
  SessionStartInfo: {
    fields: {
      hparams: { keyType: "string", type: "StructValue", id: 1 },
      start_time_secs: { type: "double", id: 5 },
    },
  },
  SessionEndInfo: {
    fields: { status: { type: "Status", id: 1 }, end_time_secs: { type: "double", id: 2 } },
  },
  Status: { values: { STATUS_UNKNOWN: 0, STATUS_SUCCESS: 1, STATUS_FAILURE: 2, STATUS_RUNNING: 3 } },
  StructValue: {
    oneofs: { kind: { oneof: ["number_value", "string_value", "bool_value"] } },
    fields: {
      number_value: { type: "double", id: 2 },
      string_value: { type: "string", id: 3 },
      bool_value: { type: "bool", id: 4 },
    },
  },
};

// Field names as in the schemas, which are written with underscores.
const schemas = protobuf.Root.fromJSON({ nested });

const bytes = z.instanceof(Uint8Array);
/** NaN and the infinities too. */
const float = z.custom<number>((value) => typeof value === "number");
const eventSchema = z.object({
  wall_time: z.number(),
  step: z.number().default(0),
  file_version: z.string().optional(),
  session_log: z.object({ status: z.string() }).optional(),
  summary: z
    .object({
      value: z.array(
        z.object({
          tag: z.string(),
          simple_value: float.optional(),
          histo: z
            .object({
              min: z.number(),
              max: z.number(),
              num: z.number(),
              sum: z.number(),
              sum_squares: z.number(),
              bucket_limit: z.array(z.number()),
              bucket: z.array(z.number()),
            })
            .optional(),
          tensor: z
            .object({
              dtype: z.string(),
              tensor_shape: z.object({ dim: z.array(z.object({ size: z.number() })).default([]) }),
              float_val: z.array(z.number()).default([]),
              string_val: z.array(bytes).default([]),
            })
            .optional(),
          metadata: z
            .object({
              plugin_data: z.object({ plugin_name: z.string(), content: bytes }),
              data_class: z.string(),
            })
            .optional(),
        }),
      ),
    })
    .optional(),
});
export type Event = z.output<typeof eventSchema>;

/** Every event of a file; a number in a field of the schema that no event may have is a failure. */
export function readEvents(file: Uint8Array): readonly Event[] {
  return readRecords(file).map((record) => {
    const message = decode("Event", record);
    return eventSchema.parse(message);
  });
}

/** What the hparams plug-in keeps in its metadata. */
export function decodeHparams(content: Uint8Array): unknown {
  return decode("HParamsPluginData", content);
}

function decode(name: string, record: Uint8Array): unknown {
  const type = schemas.lookupType(name);
  const message = type.decode(record);
  // protobufjs passes over fields that it does not know: writing what it read must give back every byte.
  if (type.encode(message).finish().length !== record.length) throw new Error(`${name} has unknown fields`);
  // NaN stays a number with `json` off.
  return type.toObject(message, { longs: Number, enums: String });
}

/** Source: www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details". */
function readRecords(file: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < file.length) {
    const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    const record = file.slice(at + 12, at + 12 + length);
    if (view.getUint32(at + 8, true) !== masked(crc32c(file.slice(at, at + 8)))) {
      throw new Error(`the length at byte ${at} has another checksum`);
    }
    if (record.length !== length || view.getUint32(at + 12 + length, true) !== masked(crc32c(record))) {
      throw new Error(`the record at byte ${at} has another checksum`);
    }
    records.push(record);
    at += 12 + length + 4;
  }
  return records;
}

/** A division of polynomials, in numbers too large for mistakes with signs. */
function crc32c(data: Uint8Array): bigint {
  let remainder = 0xffffffffn;
  for (const byte of data) {
    remainder ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = remainder % 2n === 1n;
      remainder /= 2n;
      if (isOdd) remainder ^= 0x82f63b78n;
    }
  }
  return remainder ^ 0xffffffffn;
}

function masked(crc: bigint): number {
  return Number((crc / 2n ** 15n + ((crc * 2n ** 17n) % 2n ** 32n) + 0xa282ead8n) % 2n ** 32n);
}
