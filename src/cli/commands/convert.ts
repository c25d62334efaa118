/** @file `rubato convert`. */
import { type Converted, convert, convertSchema } from "../../workflows/convert/index.ts";
import { defineCommand, type Outcome } from "../command.ts";

export default defineCommand({
  name: "convert",
  summary: "turn MIDI into NoteSequence JSON or readable tokens, and back",
  positional: ["input", "output"],
  schema: convertSchema,
  examples: [
    { line: "rubato convert song.mid song.txt", does: "the tokens of a piece, one on each line" },
    { line: "rubato convert song.txt song.mid", does: "and back to music" },
    { line: "rubato convert song.mid song.json", does: "a NoteSequence for Magenta" },
    { line: "rubato convert song.mid heard.mid --representation notes", does: "hear what `notes` keeps" },
    { line: "rubato convert song.kar.gz clean.mid", does: "a clean MIDI file" },
  ],
  async run(options, { platform, remark }) {
    const converted = await convert(platform, options);
    for (const warning of converted.warnings) remark(`${options.input}: ${warning}`);
    return describeConverted(converted);
  },
});

export function describeConverted(converted: Converted): Outcome {
  const { output, notes, seconds, tokens } = converted;
  const lost = tokens === null ? 0 : tokens.notesBefore - notes;
  const through =
    tokens === null
      ? ""
      : `, through ${tokens.count.toLocaleString("en")} tokens of ${tokens.representation}${lost > 0 ? ` (${lost} notes lost)` : ""}`;
  const lines = [
    `wrote ${output}: ${notes.toLocaleString("en")} ${notes === 1 ? "note" : "notes"}, ${seconds.toFixed(1)} s${through}`,
  ];
  return { json: converted, lines };
}
