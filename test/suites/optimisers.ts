/** @file The laws of an optimiser: what each of them promises, however it finds its way down. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Optimiser, type OptimiserState, openOptimiser, openSchedule } from "../../src/optim/index.ts";
import type { NamedArray, Parameters } from "../../src/util/parameters.ts";
import { createRandom, type Random } from "../../src/util/random.ts";

export interface OptimiserCase {
  readonly config: object;
  /** With which it gets to the bottom of a bowl some steps of size 1 away. */
  readonly learningRate: number;
  /** Whether a parameter loses weight even where its gradient is zero. */
  readonly decays?: (name: string) => boolean;
}

/** Matrices inside, a table, a vector, a single number, and nothing. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  "blocks.0.weight": [4, 3],
  "blocks.1.weight": [2, 5],
  "embedding.weight": [3, 2],
  "blocks.0.bias": [3],
  temperature: [],
  empty: [0],
};

function filled(value: () => number): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, arrayOf(shape, value)] as const),
  );
}

function arrayOf(shape: readonly number[], value: () => number): NamedArray {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, value) };
}

const randomly = (random: Random) => filled(() => 4 * random.next() - 2);

function copied(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}

function copiedState({ step, slots }: OptimiserState): OptimiserState {
  return {
    step,
    slots: Object.fromEntries(Object.entries(slots).map(([role, each]) => [role, copied(each)])),
  };
}

/** What a checkpoint would do, by way of text. */
function savedAndRestored({ step, slots }: OptimiserState): OptimiserState {
  const restored = (parameters: Parameters) =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => {
        const values: readonly number[] = JSON.parse(JSON.stringify(Array.from(data)));
        return [name, { shape: [...shape], data: Float32Array.from(values) }];
      }),
    );
  return {
    step,
    slots: Object.fromEntries(Object.entries(slots).map(([role, each]) => [role, restored(each)])),
  };
}

/** Runs from a state, with random gradients of the step's own. */
async function run(optimiser: Optimiser, start: Parameters, from: OptimiserState, steps: number) {
  let parameters = start;
  let state = from;
  for (let i = 0; i < steps; i++) {
    const gradients = randomly(createRandom(state.step));
    ({ parameters, state } = await optimiser.update({ parameters, gradients, state, learningRate: 0.1 }));
  }
  return { parameters, state };
}

export function optimiserLaws(
  name: string,
  { config, learningRate, decays = () => false }: OptimiserCase,
): void {
  describe(`${name} ${JSON.stringify(config)}`, () => {
    const optimiser = openOptimiser(name, config);
    const seeds = fc.integer();
    /** Some steps into a run. */
    const underWay = async (seed: number, donate?: boolean) => {
      const random = createRandom(seed);
      const start = randomly(random);
      const { parameters, state } = await run(optimiser, start, optimiser.init(start), 2);
      const update = { parameters, gradients: randomly(random), state, learningRate: 0.1 };
      return donate === undefined ? update : { ...update, donate };
    };

    test("goes down into a bowl", async () => {
      const random = createRandom(name);
      const bottom = randomly(random);
      const steepness = filled(() => 0.5 + random.next());
      const steps = 400;
      const schedule = openSchedule("warmup-cosine", { learningRate, steps, finalShare: 0 });
      let parameters = randomly(random);
      let state = optimiser.init(parameters);
      const before = height(parameters, bottom, steepness);
      for (let step = 0; step < steps; step++) {
        const gradients = slope(parameters, bottom, steepness);
        const rate = schedule.rate(step);
        ({ parameters, state } = await optimiser.update({
          parameters,
          gradients,
          state,
          learningRate: rate,
        }));
      }
      expect(height(parameters, bottom, steepness)).toBeLessThan(before / 100);
    });

    test("stays where the gradient is zero, unless weights decay", async () => {
      const parameters = randomly(createRandom(name));
      const gradients = filled(() => 0);
      const state = optimiser.init(parameters);
      const after = await optimiser.update({ parameters, gradients, state, learningRate: 0.1 });
      for (const [name, { data }] of Object.entries(after.parameters)) {
        if (decays(name)) expect(length(data)).toBeLessThan(length(parameters[name].data));
        else expect(data).toEqual(parameters[name].data);
      }
    });

    test("does the same with the same, and keeps names and shapes", async () => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const update = await underWay(seed);
          const once = await optimiser.update(update);
          expect(await openOptimiser(name, config).update(update)).toEqual(once);
          expect(shapesOf(once.parameters)).toEqual(shapes);
          expect(once.state.step).toBe(update.state.step + 1);
          for (const slot of Object.values(once.state.slots)) expect(shapes).toMatchObject(shapesOf(slot));
        }),
        { numRuns: 20 },
      );
    });

    test("changes no argument that is not donated", async () => {
      const update = await underWay(1);
      const { parameters, gradients, state } = update;
      const before = {
        parameters: copied(parameters),
        gradients: copied(gradients),
        state: copiedState(state),
      };
      await optimiser.update(update);
      expect({ parameters, gradients, state }).toEqual(before);
    });

    test("writes to donated arrays what it would have written to others", async () => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const wanted = await optimiser.update(await underWay(seed));
          const donated = await underWay(seed, true);
          const gradients = copied(donated.gradients);
          const found = await optimiser.update(donated);
          expect(found).toEqual(wanted);
          expect(donated.gradients).toEqual(gradients);
          for (const [name, { data }] of Object.entries(found.parameters)) {
            expect(data).toBe(donated.parameters[name].data);
          }
        }),
        { numRuns: 20 },
      );
    });

    test("takes a factor on the gradients while it reads them", async () => {
      const update = await underWay(2);
      // A half is exact in any order of multiplication.
      const halves = Object.entries(update.gradients).map(
        ([name, { shape, data }]) => [name, { shape, data: data.map((value) => value / 2) }] as const,
      );
      const wanted = await optimiser.update({ ...update, gradients: Object.fromEntries(halves) });
      expect(await optimiser.update({ ...update, gradientScale: 0.5 })).toEqual(wanted);
    });

    test("goes on from a saved state as if never interrupted, bit for bit", async () => {
      const start = randomly(createRandom(name));
      const whole = await run(optimiser, start, optimiser.init(start), 6);
      const half = await run(optimiser, start, optimiser.init(start), 3);
      const opened = openOptimiser(name, JSON.parse(JSON.stringify(optimiser.config)));
      expect(opened.config).toEqual(optimiser.config);
      expect(await run(opened, half.parameters, savedAndRestored(half.state), 3)).toEqual(whole);
    });

    test.each<[string, (gradients: Parameters) => Parameters, string]>([
      ["a missing gradient", ({ "blocks.0.bias": _, ...rest }) => rest, "blocks.0.bias"],
      ["one too many", (gradients) => ({ ...gradients, stranger: arrayOf([2], () => 0) }), "stranger"],
      [
        "a wrong length",
        (gradients) => ({ ...gradients, empty: { shape: [0], data: new Float32Array(1) } }),
        "empty",
      ],
      [
        "a wrong shape",
        (gradients) => ({ ...gradients, "blocks.0.weight": arrayOf([3, 4], () => 0) }),
        "blocks.0.weight",
      ],
    ])("refuses %s and writes nothing", async (_, spoil, culprit) => {
      const update = await underWay(3, true);
      const before = copied(update.parameters);
      const refused = optimiser.update({ ...update, gradients: spoil(update.gradients) });
      await expect(refused).rejects.toThrow(
        expect.objectContaining({
          name: "ParameterMismatchError",
          parameter: culprit,
          message: expect.stringMatching(new RegExp(`^found .*"${culprit}".*, expected .*: [a-z ]+$`)),
        }),
      );
      expect(update.parameters).toEqual(before);
    });

    test("refuses a state with a slot that it does not know", async () => {
      const update = await underWay(5);
      const slots = { ...update.state.slots, strange: { temperature: arrayOf([], () => 0) } };
      await expect(optimiser.update({ ...update, state: { ...update.state, slots } })).rejects.toThrow(
        expect.objectContaining({
          name: "ParameterMismatchError",
          parameter: "temperature",
          message: expect.stringContaining("found strange in the state of the optimiser"),
        }),
      );
    });

    test("refuses a state that belongs to other parameters", async () => {
      const { temperature: _, ...fewer } = filled(() => 0);
      const more = { ...filled(() => 0), stranger: arrayOf([2], () => 0) };
      const update = await underWay(4);
      const hasSlots = Object.keys(update.state.slots).length > 0;
      for (const [others, culprit] of [
        [fewer, "temperature"],
        [more, "stranger"],
      ] as const) {
        const outcome = optimiser.update({ ...update, state: optimiser.init(others) });
        const error = expect.objectContaining({ name: "ParameterMismatchError", parameter: culprit });
        await (hasSlots ? expect(outcome).rejects.toThrow(error) : expect(outcome).resolves.toBeDefined());
      }
    });
  });
}

function shapesOf(parameters: Parameters) {
  return Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]));
}

function length(data: Float32Array): number {
  return Math.hypot(...data);
}

/** ½ Σ steepness · (parameter − bottom)². */
function height(parameters: Parameters, bottom: Parameters, steepness: Parameters): number {
  return Object.entries(parameters).reduce(
    (sum, [name, { data }]) =>
      sum +
      data.reduce(
        (part, value, i) => part + (steepness[name].data[i] * (value - bottom[name].data[i]) ** 2) / 2,
        0,
      ),
    0,
  );
}

function slope(parameters: Parameters, bottom: Parameters, steepness: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => steepness[name].data[i] * (value - bottom[name].data[i])) },
    ]),
  );
}
