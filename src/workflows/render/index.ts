/** @module `render`: music becomes sound. */
export { type Adjusted, type Adjustment, adjust, adjustmentOptions } from "./adjust.ts";
export { type RenderInput, type RenderSettings, renderSchema } from "./options.ts";
export { type Rendered, render } from "./render.ts";
export {
  makeSound,
  pianoFor,
  type Sound,
  type SoundOptions,
  type SoundRequest,
  soundOptions,
} from "./sound.ts";
export { type SoundAnswer, soundTask } from "./task.ts";
