/**
 * @file The 193 odd and broken files of other projects' tests, against what an independent scanner saw in them: a guide,
 * not an oracle. Every difference stands in a table here, with the reason why we read it so.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  formatWarning,
  MidiError,
  type MidiFile,
  readMidi,
  readPerformance,
  tracksOf,
  writeMidi,
} from "../../src/midi/index.ts";
import { describeWithData } from "../shared-data.ts";
import { differenceOf } from "./difference.ts";

type Field = "refused" | "format" | "tracks" | "division" | "notes" | "seconds" | "warned";
type Value = number | boolean | null;

interface Difference {
  readonly path: string;
  readonly field: Field;
  readonly theirs: Value;
  readonly ours: Value;
  readonly why: string;
}

const row = (path: string, field: Field, theirs: Value, ours: Value, why: string): Difference => ({
  path,
  field,
  theirs,
  ours,
  why,
});

const systemMessages = [
  "all",
  "f1-xx",
  "f2-xx-xx",
  "f3-xx",
  "f4",
  "f5",
  "f6",
  "f8",
  "f9",
  "fa",
  "fb",
  "fc",
  "fd",
  "fe",
];
const illegal = (name: string) => `jazz-soft/midi/test-illegal-message-${name}.mid`;
const runningStatus = ["metaevent", "sysex"].map((name) => `jazz-soft/midi/test-running-status-${name}.mid`);
const nfroidure = "nfroidure-midifile";
const corrupted = "symusic/tests/testcases/MIDIs_corrupted";

const skipped =
  "a system message has no place in a file, but its length is known: skip it, and hear the scale after it";
const across = "running status across a meta or system event is common in old files and never ambiguous";
const patterns = "the tracks of format 2 are patterns of their own: they follow one another";

const differences: readonly Difference[] = [
  row(
    "jazz-soft/midi/test-2-tracks-type-0.mid",
    "warned",
    false,
    true,
    "format 0 must have one track: we say so",
  ),
  row("jazz-soft/midi/test-2-tracks-type-2.mid", "seconds", 4.5, 9, patterns),
  ...systemMessages.map((name) => row(illegal(name), "notes", 0, 8, skipped)),
  ...systemMessages.map((name) => row(illegal(name), "seconds", 0, 4, skipped)),
  ...runningStatus.map((path) => row(path, "notes", 4, 8, across)),
  ...runningStatus.map((path) => row(path, "seconds", 2, 4, across)),
  row("midly/Beethoven.rmi", "refused", true, false, "we open RIFF: 10,423 notes"),
  row(
    `${nfroidure}/MIDIBadHeaderFormat.mid`,
    "format",
    3,
    1,
    "there is no format 3; what is not 0 or 2 plays as 1",
  ),
  row(`${nfroidure}/MIDIBadHeaderFormat.mid`, "warned", false, true, "and we say so"),
  row(
    `${nfroidure}/MIDIBadHeaderLength.mid`,
    "tracks",
    0,
    1,
    'the header says 22 bytes, but "MTrk" stands after 6',
  ),
  row(`${nfroidure}/MIDIBadHeaderLength.mid`, "notes", 0, 4, "so its track is read"),
  row(`${nfroidure}/MIDIBadHeaderLength.mid`, "seconds", 0, 2, "so its track is read"),
  row(
    `${nfroidure}/MIDIBadHeaderSMTPE.mid`,
    "refused",
    false,
    true,
    "16 frames a second: no clock to tell time by",
  ),
  row(`${nfroidure}/MIDIOkFormat2.mid`, "seconds", 0.49, 3.96, patterns),
  row(
    "symusic/tests/testcases/4.midi",
    "seconds",
    126.69,
    126.68,
    "of two tempos on one tick the later in the file counts, not the greater: 126.67968 s in exact fractions",
  ),
  row(
    `${corrupted}/ValueError_Control168.mid`,
    "notes",
    6230,
    6432,
    "one bank select of 168 costs no track: took 127",
  ),
];

/** Files that come out of the writer with other bytes; the events are the same. */
const rewritten: Readonly<Record<string, string>> = {
  ...Object.fromEntries(systemMessages.map((name) => [illegal(name), "the system messages are gone"])),
  ...Object.fromEntries(
    runningStatus.map((path) => [path, "the status is written again after a meta or system event"]),
  ),
  "jazz-soft/midi/test-corrupt-file-extra-byte.mid": "the byte after the track is gone",
  "jazz-soft/midi/test-corrupt-file-missing-byte.mid": "End of Track is whole again",
  "jazz-soft/midi/test-vlq-2-byte.mid": "delta times are not padded",
  "jazz-soft/midi/test-vlq-3-byte.mid": "delta times are not padded",
  "jazz-soft/midi/test-vlq-4-byte.mid": "delta times are not padded",
  "midly/Beethoven.rmi": "the file inside RIFF, without RIFF",
  "midly/PiDamaged.mid": "half an event is gone, End of Track added, three tracks announced instead of 30",
  "midly/SysExTest.mid": "two Ends of Track added",
  [`${nfroidure}/MIDIBadHeaderFormat.mid`]: "format 1 instead of 3",
  [`${nfroidure}/MIDIBadHeaderLength.mid`]: "a header length of 6 instead of 22",
  [`${nfroidure}/MIDIBadHeaderTracksNum.mid`]: "one track announced instead of two",
  [`${nfroidure}/MIDIBadTrackHdr.mid`]: 'no track announced instead of one; the chunk "mTrk" is kept',
  [`${nfroidure}/MIDIBadTrackLength.mid`]: "the true length of the track",
  "note-seq/note_seq/testdata/example_is_drum.mid": "41 Ends of Track added",
  [`${corrupted}/Issue104_Bizarre_Love_Triangle2.mid`]: "32,768 bytes of noise are gone",
  [`${corrupted}/RunTimeError_unexpected_EOF.mid`]: "the status is written again after a meta event",
  [`${corrupted}/ValueError_Control168.mid`]: "bank select 127 instead of 168",
};

interface Scan {
  readonly path: string;
  readonly fatal: string | null;
  readonly format: number | null;
  readonly tracks: number | null;
  readonly division: number | null;
  readonly notes: number | null;
  /** The last tick of any track, as format 1 has it, to a hundredth. */
  readonly seconds: number | null;
  readonly anomalies: readonly string[];
}

/** The two bytes of the header, as the scanner gives them. */
function divisionOf({ division }: MidiFile): number {
  if (division.type === "quarters") return division.ticksPerQuarter;
  return 0x10000 - Math.floor(division.framesPerSecond) * 256 + division.ticksPerFrame;
}

type Seen = Readonly<Record<Field, Value>>;
const refusal: Seen = {
  refused: true,
  format: null,
  tracks: null,
  division: null,
  notes: null,
  seconds: null,
  warned: null,
};

function seenBy(scan: Scan): Seen {
  if (scan.fatal !== null) return refusal;
  const { format, tracks, division, notes, seconds, anomalies } = scan;
  return { refused: false, format, tracks, division, notes, seconds, warned: anomalies.length > 0 };
}

function seenByUs(bytes: Uint8Array): Seen {
  try {
    // The scanner pairs no notes: only what reading the chunks says is compared with its anomalies.
    const { file, warnings } = readMidi(bytes);
    const { notes, duration } = readPerformance(bytes).performance;
    return {
      refused: false,
      format: file.format,
      tracks: tracksOf(file).length,
      division: divisionOf(file),
      notes: notes.count,
      seconds: duration,
      warned: warnings.length > 0,
    };
  } catch (error) {
    if (error instanceof MidiError) return refusal;
    throw error;
  }
}

const agree = (theirs: Value, ours: Value) =>
  typeof theirs === "number" && typeof ours === "number"
    ? Math.abs(theirs - ours) <= 0.0051
    : theirs === ours;

function compare(path: string, theirs: Seen, ours: Seen): string[] {
  const fields: readonly Field[] =
    theirs.refused || ours.refused
      ? ["refused"]
      : ["refused", "format", "tracks", "division", "notes", "seconds", "warned"];
  return fields.flatMap((field) =>
    agree(theirs[field], ours[field]) ? [] : [line(path, field, theirs[field], ours[field])],
  );
}

const line = (path: string, field: Field, theirs: Value, ours: Value) => {
  const round = (value: Value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  return `${path}: ${field} ${round(theirs)}, ours ${round(ours)}`;
};

describeWithData("193 edge cases", "midi-edge-cases", (folder) => {
  const scans: readonly Scan[] = JSON.parse(readFileSync(join(folder, "MANIFEST.json"), "utf8"));
  const files = scans.map((scan) => ({
    ...scan,
    bytes: new Uint8Array(readFileSync(join(folder, scan.path))),
  }));
  const read = files.filter(({ bytes }) => !seenByUs(bytes).refused);

  it("are all there", () => {
    expect(files.length).toBe(193);
  });

  it("are read or refused as the scanner has it, but for the table", () => {
    const found = files.flatMap((file) => compare(file.path, seenBy(file), seenByUs(file.bytes)));
    const listed = differences.map(({ path, field, theirs, ours }) => line(path, field, theirs, ours));
    expect(found.toSorted()).toEqual(listed.toSorted());
  });

  it("give no notes only where there are none, or with a reason", () => {
    for (const { path, notes, bytes } of read) {
      const { performance, warnings } = readPerformance(bytes);
      expect(performance.notes.count > 0 || notes === 0 || warnings.length > 0, path).toBe(true);
    }
  });

  it("come out of the writer byte for byte, or with the same events and a reason", () => {
    const changed: string[] = [];
    for (const { path, bytes } of read) {
      const { file } = readMidi(bytes);
      const written = writeMidi(file);
      const same = Buffer.compare(written, bytes) === 0;
      if (!same) changed.push(path);
      const again = readMidi(written);
      expect(differenceOf(file, again.file), path).toBeUndefined();
      // What we write is canonical: it comes back byte for byte, running status included, without structural warnings.
      expect(Buffer.compare(writeMidi(again.file), written), path).toBe(0);
    }
    expect(changed.toSorted()).toEqual(Object.keys(rewritten).toSorted());
  });

  describe("refusals", () => {
    const sentence = (path: string) => {
      try {
        readMidi(files.find((file) => file.path === path)?.bytes ?? new Uint8Array());
      } catch (error) {
        if (error instanceof MidiError) return error.message;
        throw error;
      }
      return "no refusal";
    };

    it("are one sentence each", () => {
      expect(sentence("jazz-soft/midi/test-empty-file.mid")).toMatchInlineSnapshot(
        `"MIDI, byte 0: found an empty file, expected a Standard MIDI File, which begins with "MThd""`,
      );
      expect(sentence("jazz-soft/midi/test-not-a-midi-file.mid")).toMatchInlineSnapshot(
        `"MIDI, byte 0: found "not ", expected a Standard MIDI File, which begins with "MThd""`,
      );
      expect(sentence(`${nfroidure}/MIDIBadHeaderChunk.mid`)).toMatchInlineSnapshot(
        `"MIDI, byte 0: found "MT0d", expected a Standard MIDI File, which begins with "MThd""`,
      );
      expect(sentence(`${nfroidure}/MIDIBadHeaderSMTPE.mid`)).toMatchInlineSnapshot(
        `"MIDI, byte 12: found 16 frames per second, expected 24, 25, 29 (drop frame) or 30 frames per second"`,
      );
    });

    it("call MIDI 2.0 clips by their name", () => {
      const clips = files.filter(({ path }) => path.endsWith(".midi2"));
      const named = clips.filter(({ path }) => sentence(path).includes("MIDI 2.0 clip file (SMF2CLIP)"));
      // Of the nineteen, one is empty and one is text.
      expect([clips.length, named.length]).toEqual([19, 17]);
    });
  });

  it("warn of noise once, where it begins", () => {
    const issue104 = files.find(({ path }) => path.includes("Issue104"))?.bytes ?? new Uint8Array();
    expect(readMidi(issue104).warnings.map(formatWarning)).toMatchInlineSnapshot(`
      [
        "byte 16384: track 3: 4580 bytes that are no events; left out the rest of the track (garbage)",
        "byte 20964: track 3: no End of Track; added one (missing-end-of-track)",
        "byte 20964: 28188 bytes that are no chunk; skipped them (bytes-after-end)",
        "byte 10: 26 tracks announced, 4 there; took those that are there (track-count)",
      ]
    `);
  });
});
