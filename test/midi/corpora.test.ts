/** @file Four more corpora: what they warn of is known, and nothing changes when written back. */
import { expect, it } from "vitest";
import { formatWarning } from "../../src/midi/index.ts";
import { describeWithData } from "../shared-data.ts";
import { filesByWarning, type SurveyedFile, survey, totalNotes } from "./survey.ts";

const summary = (files: readonly SurveyedFile[]) => ({
  files: files.length,
  notes: totalNotes(files),
  rewritten: files.filter(({ identical }) => !identical).length,
  warnings: filesByWarning(files),
});

describeWithData("MusicNet's reference scores", "musicnet_midis", (folder) => {
  const files = survey(folder);
  const rewritten = files.filter(({ identical }) => !identical);

  it("are read", () => {
    expect(summary(files)).toMatchInlineSnapshot(`
      {
        "files": 330,
        "notes": 1108012,
        "rewritten": 13,
        "warnings": {
          "bytes-after-end": 2,
          "orphan-note-off": 8,
          "overlapping-note": 141,
          "running-status-across": 4,
          "stuck-note": 6,
          "wrong-length": 7,
        },
      }
    `);
  });

  it("come back with other bytes in thirteen cases, each with a warning", () => {
    const reasons = rewritten.map(
      ({ path, warnings }) => `${path.split("/")[1]}: ${warnings.map(formatWarning)[0]}`,
    );
    expect(reasons).toMatchInlineSnapshot(`
      [
        "2194_prelude13.mid: byte 110: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2211_fugue12.mid: byte 2693: track 2: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2227_fugue6.mid: byte 90: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2230_prelude20.mid: byte 98: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2292_prelude19.mid: byte 89: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2305_prelude14.mid: byte 105: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2310_prelude15.mid: byte 98: track 1: its length is 768 bytes too long; went on after its last event (wrong-length)",
        "2415_lvbsext2.mid: byte 9462: 2757 bytes after the last track; left them out (bytes-after-end)",
        "2416_lvbsext3.mid: byte 9649: 2580 bytes after the last track; left them out (bytes-after-end)",
        "2570_bevs7a.mid: byte 758: track 1: running status across a meta or system event; went on with status b0 (running-status-across)",
        "2571_bevs7b.mid: byte 450: track 1: running status across a meta or system event; went on with status b0 (running-status-across)",
        "2572_bevs7c.mid: byte 130: track 1: running status across a meta or system event; went on with status b0 (running-status-across)",
        "2573_bevs7d.mid: byte 467: track 1: running status across a meta or system event; went on with status b0 (running-status-across)",
      ]
    `);
  });

  it("do not play twice what an older, longer file left behind", () => {
    // The horns stand once in the file, and once more after its tenth and last track.
    const sextets = files.filter(({ path }) => /241[56]_lvbsext/.test(path));
    expect(sextets.map(({ notes }) => notes)).toEqual([1457, 1417]);
  });
});

describeWithData("POP909", "pop909", (folder) => {
  it("is read and written back", () => {
    expect(summary(survey(folder))).toMatchInlineSnapshot(`
      {
        "files": 909,
        "notes": 1533438,
        "rewritten": 0,
        "warnings": {
          "overlapping-note": 778,
        },
      }
    `);
  });
});

describeWithData("Groove", "groove", (folder) => {
  it("is read and written back", () => {
    expect(summary(survey(folder))).toMatchInlineSnapshot(`
      {
        "files": 1150,
        "notes": 446312,
        "rewritten": 0,
        "warnings": {
          "orphan-note-off": 1,
          "overlapping-note": 565,
          "stuck-note": 1,
        },
      }
    `);
  });
});

describeWithData("Nottingham", "nottingham", (folder) => {
  it("is read and written back", () => {
    expect(summary(survey(folder))).toMatchInlineSnapshot(`
      {
        "files": 3089,
        "notes": 712532,
        "rewritten": 0,
        "warnings": {
          "overlapping-note": 2,
        },
      }
    `);
  });
});
