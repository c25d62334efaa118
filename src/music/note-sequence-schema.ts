/**
 * @file The schema of NoteSequence, as far as it is music: the JSON mapping of note-seq's protobuf
 * (magenta/note-seq, protobuf/music.proto). What is missing has the default of protobuf: 0, false, an empty list.
 */
import { z } from "zod";
import { ConfigError } from "../util/errors.ts";

/** protobuf writes 64-bit numbers as text, and accepts text for all numbers; null stands for the default. */
const numeric = (value: unknown): unknown =>
  typeof value === "string" && value.trim() !== "" ? Number(value) : (value ?? undefined);

function integer(lowest: number, highest: number) {
  const error = `a whole number from ${lowest} to ${highest}`;
  const schema = z.int({ error }).min(lowest, { error }).max(highest, { error }).default(0);
  return z.preprocess(numeric, schema);
}

function real(error: string) {
  return z.preprocess(numeric, z.number({ error }).min(0, { error }).default(0));
}

const seconds = real("seconds, not negative");
const steps = integer(0, Number.MAX_SAFE_INTEGER);
const flag = z.preprocess(
  (value) => value ?? undefined,
  z.boolean({ error: "true or false" }).default(false),
);
const text = z.preprocess((value) => value ?? undefined, z.string({ error: "text" }).default(""));

function list<Item extends z.ZodType>(item: Item, error: string) {
  return z.preprocess((value) => value ?? undefined, z.array(item, { error }).default([]));
}

function record<Shape extends z.ZodRawShape>(shape: Shape, error: string) {
  return z.object(shape, { error });
}

/** The highest lane that a MIDI file can hold: port 255, channel 15. */
const lane = integer(0, 4095);
const player = { instrument: lane, program: integer(0, 127), isDrum: flag };

const noteSchema = record(
  {
    pitch: integer(0, 127),
    velocity: integer(0, 127),
    startTime: seconds,
    endTime: seconds,
    quantizedStartStep: steps,
    quantizedEndStep: steps,
    part: integer(0, 65535),
    ...player,
  },
  "a note",
);

const controlChangeSchema = record(
  {
    time: seconds,
    quantizedStep: steps,
    controlNumber: integer(0, 127),
    controlValue: integer(0, 127),
    ...player,
  },
  "a control change",
);

const sequenceSchema = record(
  {
    notes: list(noteSchema, "a list of notes"),
    controlChanges: list(controlChangeSchema, "a list of control changes"),
    totalTime: seconds,
    totalQuantizedSteps: steps,
    partInfos: list(record({ part: integer(0, 65535), name: text }, "a part"), "a list of parts"),
    instrumentInfos: list(record({ instrument: lane, name: text }, "an instrument"), "a list of instruments"),
    quantizationInfo: z.preprocess(
      (value) => value ?? undefined,
      record(
        {
          stepsPerSecond: real("a number of steps, not negative"),
          stepsPerQuarter: real("a number of steps, not negative"),
        },
        "quantizationInfo with stepsPerSecond",
      ).optional(),
    ),
  },
  "a NoteSequence: an object with `notes`",
);

export type ParsedNoteSequence = z.output<typeof sequenceSchema>;

/** Members that tell a NoteSequence from any other JSON, for all of them may be missing. */
const members = [
  ...Object.keys(sequenceSchema.shape),
  "ticksPerQuarter",
  "timeSignatures",
  "keySignatures",
  "tempos",
  "pitchBends",
  "sourceInfo",
  "textAnnotations",
  "sequenceMetadata",
];

/**
 * The single door.
 *
 * @throws ConfigError with the path of what does not fit.
 */
export function parseNoteSequence(json: unknown): ParsedNoteSequence {
  if (Array.isArray(json)) {
    throw new ConfigError(
      `NoteSequence: found a list of ${json.length}, expected one NoteSequence: take one out of the list`,
    );
  }
  const value = camelKeys(json);
  const isSequence = isRecord(value) && members.some((member) => Object.hasOwn(value, member));
  if (!isSequence) {
    const found = isRecord(value) ? describeKeys(value) : describeValue(value);
    throw new ConfigError(
      `NoteSequence: found ${found}, expected an object with \`notes\`: check that it is the right file`,
    );
  }
  const parsed = sequenceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(
    `NoteSequence, ${formatPath(issue.path)}: found ${describeValue(valueAt(value, issue.path))}, expected ${issue.message}`,
    issue.path,
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same with names in camelCase: Python's printer can be told to keep the snake_case of the .proto file. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), camelKeys(inner)]));
}

const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** @example formatPath(["notes", 3, "pitch"]) → "notes[3].pitch" */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`))
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isRecord(inner) ? inner[String(key)] : undefined;
  }, value);
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  return shorten(JSON.stringify(value) ?? "nothing");
}

function describeKeys(value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty object" : `an object with ${shorten(keys.slice(0, 4).join(", "))}`;
}

const shorten = (words: string) => (words.length <= 60 ? words : `${words.slice(0, 57)}...`);
