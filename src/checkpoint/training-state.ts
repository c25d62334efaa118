/** @file What training needs to go on where it stood: `training.json`, and the optimiser's arrays in a file of their own. */
import { z } from "zod";
import { invariant } from "../util/errors.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import type { RandomState } from "../util/random.ts";
import { CheckpointError, quoted } from "./error.ts";
import { type NamedConfiguration, namedSchema } from "./format.ts";
import { expectJson } from "./json.ts";
import { formatVersioned, readVersioned, type VersionedFormat } from "./versioned.ts";

export interface OptimiserState extends NamedConfiguration {
  /** Updates made so far. */
  readonly step: number;
  /** Arrays that the optimiser keeps beside the parameters, by what they are: its first moments, say. */
  readonly slots: Readonly<Record<string, Parameters>>;
}

export interface TrainingState {
  readonly optimiser: OptimiserState;
  /** Random generators by what they are for. */
  readonly random: Readonly<Record<string, RandomState>>;
  /** Where the schedules stand: any JSON. */
  readonly schedule: unknown;
  /** Where the trainer stands in its data: any JSON. */
  readonly position: unknown;
}

const word = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1);

const contentsSchema = z.strictObject({
  optimiser: z.strictObject({
    ...namedSchema.shape,
    step: z.int().min(0),
    slots: z.array(z.string()).describe("what the names of the arrays in optimiser.safetensors begin with"),
  }),
  random: z.record(z.string(), z.tuple([word, word, word, word]).readonly()),
  schedule: z.unknown(),
  position: z.unknown(),
});

const format: VersionedFormat<typeof contentsSchema> = {
  name: "rubato-training",
  contents: contentsSchema,
  upgrades: [],
};

/** Between slot and parameter: `first-moment/blocks.0.norm.weight`. */
const separator = "/";

/** The text of `training.json`. */
export function formatTraining({ optimiser, random, schedule, position }: TrainingState): string {
  expectJson(optimiser.configuration, "optimiser.configuration");
  expectJson(schedule, "schedule");
  expectJson(position, "position");
  return formatVersioned(format, {
    optimiser: { ...optimiser, slots: Object.keys(optimiser.slots) },
    random,
    schedule,
    position,
  });
}

/** All slots as one record of arrays, for `optimiser.safetensors`. */
export function joinSlots(slots: OptimiserState["slots"]): Parameters {
  return Object.fromEntries(
    Object.entries(slots).flatMap(([slot, arrays]) => {
      invariant(!slot.includes(separator), `slot ${slot} of the optimiser has a ${separator} in its name`);
      return Object.entries(arrays).map(([name, array]) => [slot + separator + name, array]);
    }),
  );
}

/**
 * @param text of `training.json`, which lies at `path`.
 * @param arrays out of `optimiser.safetensors`.
 * @throws CheckpointError where either is damaged, or they do not belong together.
 */
export function readTraining(text: string, arrays: Parameters, path: string): TrainingState {
  const { optimiser, random, schedule, position } = readVersioned(format, text, path);
  return {
    optimiser: { ...optimiser, slots: splitSlots(arrays, optimiser.slots, path) },
    random,
    schedule,
    position,
  };
}

function splitSlots(
  arrays: Parameters,
  names: readonly string[],
  path: string,
): Readonly<Record<string, Parameters>> {
  const slots = new Map(names.map((slot): [string, [string, NamedArray][]] => [slot, []]));
  for (const [name, array] of Object.entries(arrays)) {
    const [slot] = name.split(separator, 1);
    const held = slots.get(slot);
    if (held === undefined) {
      throw new CheckpointError(
        `found ${quoted(name)} in the state of the optimiser, expected a slot that ${path} names: copy the whole folder again`,
        path,
      );
    }
    held.push([name.slice(slot.length + separator.length), array]);
  }
  return Object.fromEntries([...slots].map(([slot, held]) => [slot, Object.fromEntries(held)]));
}
