/** @file What a file is apart from its music: format, tempo, signatures, texts. */
import type { FileFacts, MidiFacts } from "../../workflows/inspect/index.ts";
import { count, type Page, row } from "./page.ts";

const labels = { midi: "MIDI", "note-sequence": "NoteSequence JSON", tokens: "readable tokens" } as const;

export function midiRows(page: Page, { format, bytes, midi, representation }: FileFacts): string[] {
  const size = count(bytes, "byte");
  if (midi === null) {
    const tokens =
      representation === null ? [] : [`of ${representation.name}`, JSON.stringify(representation.config)];
    return row(page, "File", [[labels[format], ...tokens].join(" "), size]);
  }
  const { division } = midi;
  const ticks =
    division.type === "quarters"
      ? `${division.ticksPerQuarter} ticks a quarter`
      : `${(division.framesPerSecond * division.ticksPerFrame).toFixed(0)} ticks a second (SMPTE)`;
  return [
    ...row(page, "File", [`MIDI format ${midi.format}`, count(midi.tracks, "track"), ticks, size]),
    ...(midi.tempo === null ? [] : row(page, "Tempo", tempoParts(midi.tempo))),
    ...signatureRows(page, midi),
    ...midi.texts.slice(0, 3).flatMap((text, i) => row(page, i === 0 ? "Says" : "", [text])),
    ...(midi.lyrics > 0 ? row(page, "Lyrics", [count(midi.lyrics, "syllable")]) : []),
  ];
}

function tempoParts({ first, lowest, highest, changes }: NonNullable<MidiFacts["tempo"]>): string[] {
  const bpm = (tempo: number) => Number(tempo.toFixed(1)).toString();
  if (changes === 0) return [`${bpm(first)} quarters a minute throughout`];
  return [
    `${bpm(first)} quarters a minute at first`,
    `from ${bpm(lowest)} to ${bpm(highest)}`,
    count(changes, "change"),
  ];
}

function signatureRows(page: Page, { timeSignatures, keySignatures }: MidiFacts): string[] {
  const times = distinct(timeSignatures.map(({ numerator, denominator }) => `${numerator}/${denominator}`));
  const keys = distinct(keySignatures.map(({ sharps, mode }) => `${tonicOf(sharps, mode)} ${mode}`));
  return [
    ...(times.length === 0 ? [] : row(page, "Written in", [...times, ...keys.map((key) => `signed ${key}`)])),
    ...(times.length === 0 && keys.length > 0 ? row(page, "Written in", keys) : []),
  ];
}

/** Names in order, each once, and no more than a few. */
function distinct(names: readonly string[]): string[] {
  const all = [...new Set(names)];
  return all.length <= 4 ? all : [...all.slice(0, 4), `${all.length - 4} more`];
}

const fifths = [
  "Fb",
  "Cb",
  "Gb",
  "Db",
  "Ab",
  "Eb",
  "Bb",
  "F",
  "C",
  "G",
  "D",
  "A",
  "E",
  "B",
  "F#",
  "C#",
  "G#",
  "D#",
  "A#",
];

/** Along the circle of fifths; the minor key is three fifths further. */
function tonicOf(sharps: number, mode: "major" | "minor"): string {
  return fifths[8 + sharps + (mode === "minor" ? 3 : 0)] ?? "?";
}
