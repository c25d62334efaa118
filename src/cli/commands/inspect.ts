/** @file `rubato inspect`. */
import { type Inspection, inspect, inspectSchema } from "../../workflows/inspect/index.ts";
import { defineCommand } from "../command.ts";
import { layOutCorpus } from "../inspect/corpus.ts";
import { layOutFile } from "../inspect/file.ts";
import { layOutFolder } from "../inspect/folder.ts";
import { type Page, pageOf } from "../inspect/page.ts";

export default defineCommand({
  name: "inspect",
  summary: "say what a file of music, a corpus, or a folder or .zip of MIDI files is",
  positional: ["path"],
  schema: inspectSchema,
  examples: [
    { line: "rubato inspect prelude.mid", does: "its facts, piano roll and charts" },
    { line: "rubato inspect prelude.mid --from 30 --to 45", does: "a look at fifteen seconds" },
    { line: "rubato inspect prelude.mid --plot prelude.svg", does: "the piano roll as a picture" },
    { line: "rubato inspect corpora/maestro-v3.0.0", does: "what a corpus holds, and whether it is whole" },
    { line: "rubato inspect songs.zip", does: "every MIDI file in an archive" },
    { line: "rubato inspect prelude.mid --json", does: "all of it for other programs" },
  ],
  async run(options, context) {
    const found = await inspect(context.platform, options);
    const isDamaged = found.kind === "corpus" && found.facts.damage.length > 0;
    return {
      json: { kind: found.kind, ...found.facts },
      lines: layOut(pageOf(context), found),
      exitCode: isDamaged ? 1 : 0,
    };
  },
});

function layOut(page: Page, found: Inspection): string[] {
  if (found.kind === "file") return layOutFile(page, found);
  return found.kind === "corpus" ? layOutCorpus(page, found.facts) : layOutFolder(page, found.facts);
}
