import { describe, expect, it } from "vitest";
import { memoryCorpus, midiBytes } from "../../../test/fixtures/memory-corpus.ts";
import { odeToJoy, preludeInC } from "../../../test/music/tunes.ts";
import { prepare } from "./prepare.ts";

const table = [
  "canonical_composer,canonical_title,split,midi_filename",
  "Bach,One,train,a.mid",
  "Bach,Two,validation,b.mid",
  "Bach,Lost,test,lost_one.mid",
].join("\n");

const ode = midiBytes(odeToJoy);
const prelude = midiBytes(preludeInC);
const files = {
  "in/maestro-v3.0.0.csv": table,
  "in/a.mid": ode,
  // Cut off before the end of its track.
  "in/b.mid": prelude.slice(0, -4),
  "in/*new*.mid": ode,
};

describe("a report", () => {
  it("says of every file what became of it, and why", async () => {
    const { platform } = await memoryCorpus(files);
    const { report } = await prepare(platform, { source: "in", out: "out" });
    expect(report).toMatchObject({
      name: "in",
      representation: "performance",
      split: { by: "table", table: "maestro-v3.0.0.csv" },
      taken: [
        { source: "a.mid", split: "train", notes: 38, warnings: [] },
        {
          source: "b.mid",
          split: "validation",
          warnings: [
            expect.stringContaining("wrong-length"),
            expect.stringContaining("missing-end-of-track"),
          ],
        },
      ],
      refused: [{ source: "*new*.mid", why: "is not listed in maestro-v3.0.0.csv" }],
      missing: ["lost_one.mid"],
      remarks: ["Listed by the table and missing: 1."],
    });
    expect(report.totals.train).toMatchObject({ pieces: 1, notes: 38 });
    const text = new TextDecoder().decode(await platform.store.read("out/report.json"));
    expect(JSON.parse(text)).toEqual(report);
  });

  it("is readable, and takes no file name for Markdown", async () => {
    const { platform } = await memoryCorpus(files);
    const text = new TextDecoder().decode(await platform.store.read("out/report.md"));
    expect(text.split("\n").filter((line) => /^[#-]/.test(line))).toEqual([
      "# Corpus in",
      "## Refused (1)",
      "- \\*new\\*.mid: is not listed in maestro-v3.0.0.csv",
      "## Read with warnings (2)",
      expect.stringMatching(/^- b\.mid: .*wrong-length/),
      expect.stringMatching(/^- b\.mid: .*missing-end-of-track/),
      "## Missing (1)",
      "- lost\\_one.mid",
      "## Taken (2)",
      "- a.mid (train, 38 notes)",
      "- b.mid (validation, 128 notes)",
    ]);
    expect(text).toMatch(/^\| train \| 1 \| 0\.00 \| 38 \| \d+ \|$/m);
  });

  it("says where a side of the split is empty, and does not miss what was not asked for", async () => {
    const { platform } = await memoryCorpus(files, { limit: 1 });
    const { report } = await prepare(platform, { source: "in", out: "out", limit: 1 });
    expect(report).toMatchObject({ missing: [], refused: [] });
    expect(report.remarks).toEqual([
      "No piece is for validation: the table's split has all of these elsewhere.",
    ]);
    const { platform: one } = await memoryCorpus({ "in/a.mid": ode });
    const { report: alone } = await prepare(one, { source: "in", out: "out" });
    expect(alone.remarks).toEqual([
      "No piece is left for validation: there is one composition only, or --split left none.",
    ]);
  });
});
