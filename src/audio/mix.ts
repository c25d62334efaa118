/** @file Adding a note to the sound: a tone, louder or softer, damped step by step. */
import type { Audio } from "./audio.ts";
import type { Blend, Tone } from "./tone.ts";
import type { Voice } from "./voice.ts";

/** Adds a voice in place; what would lie beyond the end of the audio is left out. */
export function mixVoice(
  { channels, sampleRate }: Audio,
  voice: Voice,
  tone: Tone,
  { plain, dull }: Blend,
): void {
  const offset = Math.round(voice.start * sampleRate);
  const end = Math.min(
    tone.length,
    channels[0].length - offset,
    Math.ceil((voice.end - voice.start) * sampleRate),
  );
  let level = 1;
  let from = 0;
  let rate = 0;
  for (let i = 0; i <= voice.damping.length && from < end; i++) {
    const step = voice.damping[i];
    const until = step === undefined ? end : Math.min(end, frameOf(step.time - voice.start, sampleRate));
    const decay = Math.exp(-rate / sampleRate);
    addSpan(channels, tone, { offset, from, until, plain: plain * level, dull: dull * level, decay });
    level *= decay ** Math.max(0, until - from);
    from = Math.max(from, until);
    rate = step?.rate ?? 0;
  }
}

const frameOf = (seconds: number, sampleRate: number) => Math.max(0, Math.round(seconds * sampleRate));

interface Span {
  readonly offset: number;
  readonly from: number;
  readonly until: number;
  /** Gains at the beginning. */
  readonly plain: number;
  readonly dull: number;
  /** What a frame leaves of the gains. */
  readonly decay: number;
}

/** The inner loop: most of the time of a dense piece is spent here. */
function addSpan(
  [outLeft, outRight]: Audio["channels"],
  { left, right, dullLeft, dullRight }: Tone,
  span: Span,
): void {
  const { offset, from, until, decay } = span;
  let { plain, dull } = span;
  for (let i = from; i < until; i++) {
    outLeft[offset + i] += plain * left[i] + dull * dullLeft[i];
    outRight[offset + i] += plain * right[i] + dull * dullRight[i];
    plain *= decay;
    dull *= decay;
  }
}
