/** @module `render`: music becomes sound. */
export { type Adjusted, type Adjustment, adjust, adjustmentOptions } from "./adjust.ts";
export { type RenderInput, type RenderSettings, renderSchema } from "./options.ts";
export { type Rendered, render } from "./render.ts";
export {
  makeSound,
  pianoFor,
  type Sound,
  type SoundRequest,
} from "./sound.ts";
export { type SoundOptions, soundOptions } from "./sound-options.ts";
export { type SoundAnswer, soundTask } from "./task.ts";
