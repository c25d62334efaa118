/**
 * @file A performance becomes sound. Notes are rendered recording by recording, not in their order: so each recording is
 * decoded once, only as far as its longest note needs, and forgotten, and memory holds little more than the result.
 */
import type { Performance } from "../music/performance.ts";
import { invariant } from "../util/errors.ts";
import { type Audio, amplitudeOf, defaultReverb, defaultSampleRate } from "./audio.ts";
import { AudioError } from "./error.ts";
import { limit } from "./limiter.ts";
import { mixVoice } from "./mix.ts";
import type { Piano } from "./piano.ts";
import { createResampler, type Resampler } from "./resample.ts";
import { addReverb, roomSeconds } from "./reverb.ts";
import { chooseSample, registerLevel } from "./salamander.ts";
import { blend, createTone, onsetOf, secondsNeeded, ToneMemory } from "./tone.ts";
import { type Voice, voicesOf } from "./voice.ts";
import { decodeVorbis, vorbisReady } from "./vorbis.ts";

export interface RenderOptions {
  /** Frames a second; 44,100 if left out. */
  readonly sampleRate?: number;
  /** Decibels, on top of what leaves room for chords; 0 if left out. */
  readonly gain?: number;
  /** How much room is heard: 0 for none, to 1 for as much as piano; 0.15 if left out. */
  readonly reverb?: number;
  /** Told after each recording: notes rendered so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface Rendering extends Audio {
  /** What the limiter turned down at most, in decibels. */
  readonly limited: number;
}

/** Root mean square of the beginning of one middle note struck as hard as can be, in decibels below full scale. */
const referenceLevel = -16;
/** No sample is above: a decibel is left to encoders, whose peaks overshoot. */
const ceiling = amplitudeOf(-1);
/** No string rings on for longer. */
const longestRing = 26;
/** Below half a step of 16 bits there is nothing more to hear. */
const silence = 2 ** -16;
const longestPiece = 90 * 60;

/**
 * Plays a performance on the piano. Other instruments are played on it too; drums are left out.
 *
 * @param piano with the recordings of `samplesFor(performance)`.
 * @throws AudioError for music without notes or longer than 90 minutes, and for damaged recordings.
 */
export async function renderPerformance(
  performance: Performance,
  piano: Piano,
  options: RenderOptions = {},
): Promise<Rendering> {
  const { sampleRate = defaultSampleRate, gain = 0, reverb = defaultReverb } = options;
  const voices = voicesOf(performance);
  checkMusic(performance, voices);
  await vorbisReady;
  const resamplerOf = resamplers();
  const memory = new ToneMemory();
  const audio = emptyAudio(performance, voices, sampleRate);
  let done = 0;
  for (const [file, parts] of byRecording(voices)) {
    options.signal?.throwIfAborted();
    const bytes = piano.samples.get(file);
    invariant(bytes !== undefined, `the piano was opened without ${file}`);
    const longest = Math.max(...parts.map(({ seconds, bend }) => seconds * bend));
    const recording = decodeVorbis(bytes, secondsNeeded(longest), file);
    const onset = onsetOf(recording);
    for (const part of parts) {
      const step = (part.bend * recording.sampleRate) / sampleRate;
      const frequency = 440 * 2 ** ((part.pitch - 69) / 12);
      const tone = createTone(recording, resamplerOf(step), memory, {
        ...part,
        onset,
        step,
        sampleRate,
        frequency,
      });
      for (const voice of part.voices) {
        const level = referenceLevel + gain + registerLevel(part.pitch) + velocityLevel(voice.velocity);
        const { harder } = chooseSample(voice.pitch, voice.velocity);
        mixVoice(audio, voice, tone, blend(tone, harder, amplitudeOf(level)));
      }
      done += part.voices.length;
    }
    options.onProgress?.(done, voices.length);
  }
  addReverb(audio, reverb);
  const limited = limit(audio, ceiling);
  return { ...trimmed(audio, performance.duration), limited };
}

/** Decibels below the hardest stroke: what General MIDI asks for (DLS Level 2, concave curve), 24 dB from 30 to 115. */
function velocityLevel(velocity: number): number {
  return 40 * Math.log10(velocity / 127);
}

function checkMusic({ notes, duration }: Performance, voices: readonly Voice[]): void {
  if (voices.length === 0) {
    const found = notes.count === 0 ? "music without notes" : "music for drums alone";
    throw new AudioError(`found ${found}, expected at least one note that a piano can play`);
  }
  if (duration > longestPiece) {
    throw new AudioError(
      `found music of ${Math.round(duration / 60)} minutes, expected at most ${longestPiece / 60}: render a part of it`,
    );
  }
}

/** The notes of one key that one recording plays. */
interface Part {
  readonly pitch: number;
  /** Factor of the recording's frequency. */
  readonly bend: number;
  readonly voices: readonly Voice[];
  /** The longest of the notes. */
  readonly seconds: number;
}

/** Sorted by file and pitch, so that equal music gives equal sums. */
function byRecording(voices: readonly Voice[]): readonly (readonly [string, readonly Part[]])[] {
  const files = new Map<string, Map<number, Voice[]>>();
  for (const voice of voices) {
    const { file } = chooseSample(voice.pitch, voice.velocity);
    const pitches = files.get(file) ?? new Map<number, Voice[]>();
    const same = pitches.get(voice.pitch) ?? [];
    same.push(voice);
    files.set(file, pitches.set(voice.pitch, same));
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, pitches]) => [file, [...pitches].sort(([a], [b]) => a - b).map(([, same]) => partOf(same))]);
}

function partOf(voices: readonly Voice[]): Part {
  const [{ pitch, velocity }] = voices;
  const seconds = voices.map(({ start, end }) => Math.min(longestRing, end - start));
  const bend = 2 ** ((pitch - chooseSample(pitch, velocity).key) / 12);
  return { pitch, bend, voices, seconds: seconds.reduce((a, b) => Math.max(a, b)) };
}

/** Keys are resampled by few ratios, and a table takes longer than a note. */
function resamplers(): (step: number) => Resampler {
  const made = new Map<string, Resampler>();
  return (step) => {
    const name = step.toFixed(9);
    const resampler = made.get(name) ?? createResampler(step);
    made.set(name, resampler);
    return resampler;
  };
}

/** Room for all notes and what is heard of the room after them. */
function emptyAudio(performance: Performance, voices: readonly Voice[], sampleRate: number): Audio {
  const ends = voices.map(({ start, end }) => Math.min(start + longestRing, end));
  const seconds = ends.reduce((a, b) => Math.max(a, b), performance.duration) + roomSeconds;
  const length = Math.ceil(seconds * sampleRate);
  return { sampleRate, channels: [new Float32Array(length), new Float32Array(length)] };
}

/** Without the silence after the last sound, but not shorter than the performance. */
function trimmed({ channels: [left, right], sampleRate }: Audio, duration: number): Audio {
  let length = left.length;
  const least = Math.ceil(duration * sampleRate);
  while (length > least && Math.abs(left[length - 1]) < silence && Math.abs(right[length - 1]) < silence)
    length--;
  return { sampleRate, channels: [left.slice(0, length), right.slice(0, length)] };
}
