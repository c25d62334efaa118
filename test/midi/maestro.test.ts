/** @file All of MAESTRO that is here, train and validation, reads without a warning but the known ones. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithData } from "../shared-data.ts";
import { type SurveyedFile, survey, totalNotes } from "./survey.ts";

describeWithData("MAESTRO v3.0.0", "maestro-v3.0.0", (folder) => {
  const files = survey(folder);
  const table: { midi_filename: Record<string, string>; split: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, "maestro-v3.0.0.json"), "utf8"),
  );
  const splits = new Map(Object.entries(table.midi_filename).map(([row, path]) => [path, table.split[row]]));
  const inSplit = (split: string) => files.filter(({ path }) => splits.get(path) === split);

  it("has every note", () => {
    const counts = ["train", "validation", "test"].map((split) => [
      inSplit(split).length,
      totalNotes(inSplit(split)),
    ]);
    expect(counts).toEqual([
      [962, 5_659_329],
      [137, 639_425],
      [0, 0],
    ]);
  });

  it("is written back byte for byte", () => {
    expect(files.filter(({ identical }) => !identical)).toEqual([]);
  });

  it("warns in five files: one note never released, one orphan release, and overlaps", () => {
    const summary = ({ path, warnings }: SurveyedFile) => {
      const kinds = warnings.map(({ kind }) => kind);
      const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
      const [overlaps, stuck, orphans] = ["overlapping-note", "stuck-note", "orphan-note-off"].map(count);
      return `${path.slice(0, 4)}: ${overlaps} overlaps, ${stuck} stuck, ${orphans} orphans, ${kinds.length} in all`;
    };
    expect(files.filter(({ warnings }) => warnings.length > 0).map(summary)).toMatchInlineSnapshot(`
      [
        "2009: 30 overlaps, 1 stuck, 1 orphans, 32 in all",
        "2017: 1 overlaps, 0 stuck, 0 orphans, 1 in all",
        "2017: 3 overlaps, 0 stuck, 0 orphans, 3 in all",
        "2017: 1 overlaps, 0 stuck, 0 orphans, 1 in all",
        "2017: 8 overlaps, 0 stuck, 0 orphans, 8 in all",
      ]
    `);
  });
});
