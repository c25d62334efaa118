/** @module Sound: a performance played on a sampled piano, as samples, WAV or MP3. */
export { type Audio, amplitudeOf } from "./audio.ts";
export { AudioError } from "./error.ts";
export { encodeMp3 } from "./mp3.ts";
export { openPiano, type Piano, type SampleSource, samplesFor } from "./piano.ts";
export {
  type Rendering,
  type RenderOptions,
  renderPerformance,
} from "./render.ts";
export { encodeWav, type WavOptions } from "./wav.ts";
