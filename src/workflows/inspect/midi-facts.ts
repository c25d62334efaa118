/** @file What a MIDI file says of itself beside its notes: layout, tempo, signatures, texts. */
import { type Division, type MidiFile, metaType, scoreFromMidi, tracksOf } from "../../midi/index.ts";
import type { KeySignature, TempoMap, TimeSignature } from "../../music/index.ts";
import { decodeText, plainText } from "../../util/text.ts";

export interface MidiFacts {
  readonly format: 0 | 1 | 2;
  readonly tracks: number;
  readonly division: Division;
  /** Quarters a minute; null where the division is real time. */
  readonly tempo: {
    readonly first: number;
    readonly lowest: number;
    readonly highest: number;
    /** How often it changes after the beginning. */
    readonly changes: number;
  } | null;
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  /** Texts and copyright notices, the first of them. */
  readonly texts: readonly string[];
  readonly lyrics: number;
}

const textType = 0x01;
const copyrightType = 0x02;
const mostTexts = 8;
const longestText = 200;

export function midiFacts(file: MidiFile): MidiFacts {
  const { score } = scoreFromMidi(file);
  return {
    format: file.format,
    tracks: tracksOf(file).length,
    division: file.division,
    tempo: file.division.type === "smpte" ? null : tempoFacts(score.tempo),
    timeSignatures: score.timeSignatures,
    keySignatures: score.keySignatures,
    ...readTexts(file),
  };
}

function tempoFacts(map: TempoMap): NonNullable<MidiFacts["tempo"]> {
  const tempos = map.map((change) => 60 / change.secondsPerQuarter);
  const bound = (pick: (a: number, b: number) => number) => tempos.reduce((a, b) => pick(a, b));
  return { first: tempos[0], lowest: bound(Math.min), highest: bound(Math.max), changes: map.length - 1 };
}

/** Yamaha's XF headers are texts for karaoke machines, in Japanese that nothing declares. */
const isMachineText = (text: string) => /^XF(hd|ln):/.test(text);

function readTexts(file: MidiFile): Pick<MidiFacts, "texts" | "lyrics"> {
  const texts = new Set<string>();
  let lyrics = 0;
  for (const track of tracksOf(file)) {
    for (const [index, payload] of track.payloads) {
      if (track.status[index] !== 0xff) continue;
      const type = track.data1[index];
      if (type === metaType.lyric) lyrics++;
      if ((type !== textType && type !== copyrightType) || texts.size >= mostTexts) continue;
      const text = plainText(decodeText(payload.subarray(0, longestText)));
      if (text !== "" && !isMachineText(text)) texts.add(text);
    }
  }
  return { texts: [...texts], lyrics };
}
