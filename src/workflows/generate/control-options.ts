/** @file What the music is to be like, as options: one for each control, names for histograms, and how strongly they hold. */
import { z } from "zod";
import { type ControlDefinition, controls } from "../../controls/index.ts";

const told = ({ option }: ControlDefinition) => z.string().min(1).optional().describe(option.help);

/** Whatever stands in the registry, by the names of its options. */
type ControlOptions = {
  readonly [Name in (typeof controls)[keyof typeof controls]["option"]["name"]]: ReturnType<typeof told>;
};

// What entries are made into has lost its names, and no type can follow them: the first line says what they are.
function optionsOfAll(): ControlOptions;
function optionsOfAll(): Readonly<Record<string, ReturnType<typeof told>>> {
  return Object.fromEntries(Object.values(controls).map((each) => [each.option.name, told(each)]));
}

/** By the control that each option tells. */
export const controlOptions = optionsOfAll();

/** Whether anything is asked that only a conditioned model can do. */
export const steers = (options: Readonly<Record<string, unknown>>): boolean =>
  [...Object.keys(controlOptions), "key", "scale", "like"].some((name) => options[name] !== undefined);

/**
 * Where nobody says how strongly controls hold. What a model learns of them is a matter of thousandths of a nat by event, for
 * what was played says nearly as much of what comes next: docs/explanation/the-steerable-model.md has what each strength gives.
 */
export const usualStrength = 2;

export const steeringOptions = {
  ...controlOptions,
  key: z
    .string()
    .min(1)
    .optional()
    .describe('lean to a key, as in "D minor": a pitch-class histogram by name'),
  scale: z
    .string()
    .min(1)
    .optional()
    .describe('lean to a scale, as in "pentatonic" or "F# dorian": a pitch-class histogram by name'),
  inScale: z.boolean().default(false).describe("strike no note outside --key or --scale"),
  controlStrength: z
    .number()
    .min(0)
    .max(20)
    .optional()
    .describe(
      `how strongly controls hold: 1 as learnt, above it more than that, at half the speed, for the model hears all twice (default: ${usualStrength} where something is told, and the model can do without)`,
    ),
  disableControls: z
    .string()
    .regex(
      /^(true|false)(,(true|false))*$/,
      'expected true or false, or several over the piece as in "false,true"',
    )
    .optional()
    .describe('leave the model to itself: "true", or in a part of the piece, as in "false,true,false"'),
} as const;
