/** @file What `rubato generate` can be asked beside how music is drawn: where it goes, and what is made of it. */
import { z } from "zod";
import { deviceSchema } from "../device/index.ts";
import { adjustmentOptions } from "../render/adjust.ts";
import { soundOptions } from "../render/sound-options.ts";
import { musicSchema } from "./music-options.ts";

const seedHint =
  'expected a whole number from 0 on; for notes to begin with give --seed-notes "60,62,64", for a chord --primer-pitches "60,64,67"';

/** What `rubato generate` can be asked. */
export const generateSchema = z.object({
  model: z
    .string()
    .optional()
    .describe(
      'a folder with a checkpoint, a run, "last" for the newest run, or a model that ships (default: piano, or piano-steerable where the music is to be like something)',
    ),
  output: z
    .string()
    .min(1)
    .default("output")
    .describe("a .mid file, or a folder for files named <model>-<seed>-<number>.mid"),
  samples: z.int().min(1).default(1).describe("how many pieces"),
  seed: z
    .string()
    .regex(/^\d{1,16}$/, seedHint)
    .optional()
    .describe("where randomness begins, a whole number; drawn anew and printed unless given"),
  ...musicSchema.shape,
  primer: z.string().min(1).optional().describe("a file of music to go on from"),
  primerPitches: z
    .string()
    .optional()
    .describe('a chord to go on from, half a second long: "60,64,67" or "C4,E4,G4"'),
  seedNotes: z
    .string()
    .optional()
    .describe('notes that the music begins with, a quarter each: "60,62,64" or "C4,D4,E4"'),
  primerMelody: z
    .string()
    .optional()
    .describe(
      'a melody to go on from, eight items a second: "[60,-2,62,-1]", where -2 holds and -1 is silence',
    ),
  accompany: z
    .string()
    .min(1)
    .optional()
    .describe("a file of music to accompany: it is kept as it is, and other players are added"),
  accompanyTrack: z
    .string()
    .min(1)
    .optional()
    .describe("accompany this track of the file alone, by its name or number; all of it unless given"),
  programs: z
    .string()
    .optional()
    .describe('who may be added, as General MIDI programs: "0,33,drums"; anybody else unless given'),
  like: z
    .string()
    .min(1)
    .optional()
    .describe(
      "a file of music whose density, loudness and so on the piece follows, as far as the model is told of them; it lasts as long unless a length is given",
    ),
  batch: z
    .int()
    .min(1)
    .default(1)
    .describe(
      "pieces side by side, a thread each: never other music, and on two cores slower than one by one",
    ),
  device: deviceSchema,
  originality: z
    .boolean()
    .default(true)
    .describe("leave out whether the music is copied, which is told of models that come with an index"),
  plot: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("a piano roll: in the terminal, or in the .svg or .png of this name"),
  wav: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("the sound as well: beside the music, or in the .wav of this name"),
  mp3: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("the sound as well: beside the music, or in the .mp3 of this name"),
  ...adjustmentOptions,
  ...soundOptions,
});

export type GenerateOptions = z.output<typeof generateSchema>;
export type GenerateInput = z.input<typeof generateSchema>;
