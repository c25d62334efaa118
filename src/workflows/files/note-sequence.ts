/** @file NoteSequence as JSON, the format of Magenta. */
import {
  type NoteSequence,
  noteSequenceFromPerformance,
  performanceFromNoteSequence,
} from "../../music/note-sequence.ts";
import { ConfigError, messageOf } from "../../util/errors.ts";
import { plainText } from "../../util/text.ts";
import type { FileFormat } from "./format.ts";
import { gunzipped } from "./gzip.ts";

export const noteSequenceFormat: FileFormat = {
  name: "note-sequence",
  label: "NoteSequence JSON",
  endings: [".json"],
  readOnly: [],
  representation: undefined,
  read: (bytes) => ({
    performance: performanceFromNoteSequence(parseJson(new TextDecoder().decode(gunzipped(bytes)))),
    title: "",
    warnings: [],
  }),
  write: (performance) => new TextEncoder().encode(format(noteSequenceFromPerformance(performance))),
};

/** A note on each line: a third of the size that indentation takes, and pleasant to read. */
function format(sequence: NoteSequence): string {
  const members = Object.entries(sequence).map(([name, value]: [string, unknown]) => {
    if (!Array.isArray(value) || value.length === 0)
      return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const items = value.map((item) => `  ${JSON.stringify(item)}`);
    return `${JSON.stringify(name)}: [\n${items.join(",\n")}\n ]`;
  });
  return `{\n ${members.join(",\n ")}\n}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `found a file that is not JSON (${plainText(messageOf(error))}), expected a NoteSequence as JSON`,
    );
  }
}
