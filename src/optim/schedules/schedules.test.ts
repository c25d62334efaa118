import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openSchedule, type Schedule, type ScheduleName, schedules } from "./index.ts";

/** The configurations in which a schedule has to keep the laws. A new one brings its line. */
const cases: Readonly<Record<ScheduleName, readonly object[]>> = {
  constant: [{ learningRate: 0.5 }],
  "warmup-cosine": [
    { learningRate: 0.5, steps: 100 },
    { learningRate: 0.5, steps: 100, warmUpSteps: 10, finalShare: 0 },
    { learningRate: 0.5, steps: 10, warmUpSteps: 10, finalShare: 1 },
  ],
  "step-decay": [{ learningRate: 0.5, every: 7 }],
  "reduce-on-plateau": [
    { learningRate: 0.5, patience: 1 },
    { learningRate: 0.5, patience: 0, cooldown: 3, thresholdMode: "absolute", minimumRate: 0.01 },
    { learningRate: 0.5, minimumRate: 2 },
  ],
};

// JSON has one zero: a loss of -0 would come back as 0.
const loss = fc.oneof(fc.double(), fc.integer({ min: 0, max: 5 })).map((value) => value + 0);
const losses = fc.array(loss, { maxLength: 30 });
const observed = (schedule: Schedule, each: readonly number[]) =>
  each.reduce((current, loss) => current.observe(loss), schedule);
const rates = (schedule: Schedule) => Array.from({ length: 120 }, (_, step) => schedule.rate(step));

for (const [name, configs] of Object.entries(cases)) {
  describe.each(configs)(`${name} %j`, (config) => {
    test("the rate is above 0 or a floor of 0, and never above the highest, whatever the losses", () => {
      fc.assert(
        fc.property(losses, (each) => {
          const all = rates(observed(openSchedule(name, config), each));
          expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...all)).toBeLessThanOrEqual(0.5);
        }),
      );
      expect(openSchedule(name, config).rate(0)).toBeGreaterThan(0);
    });

    test("observing makes another schedule, and leaves the old one as it was", () => {
      fc.assert(
        fc.property(losses, (each) => {
          const schedule = openSchedule(name, config);
          const before = JSON.stringify(schedule);
          observed(schedule, each);
          expect(JSON.stringify(schedule)).toBe(before);
        }),
      );
    });

    test("goes on from JSON as if never interrupted", () => {
      fc.assert(
        fc.property(losses, losses, (earlier, later) => {
          const interrupted = observed(openSchedule(name, config), earlier);
          const saved = JSON.parse(JSON.stringify({ config: interrupted.config, state: interrupted.state }));
          const restored = openSchedule(name, saved.config, saved.state);
          expect(restored.config).toEqual(interrupted.config);
          const [found, wanted] = [observed(restored, later), observed(interrupted, later)];
          expect(found.state).toEqual(wanted.state);
          expect(rates(found)).toEqual(rates(wanted));
        }),
      );
    });
  });
}

describe("opening", () => {
  test.each(Object.entries(schedules))("%s says what it is", (name, definition) => {
    expect(definition.name).toBe(name);
    expect(definition.summary).toMatch(/^[A-Z].*[^.]$/);
    const { properties } = definition.schema;
    for (const option of Object.values(properties ?? {})) {
      expect(option).toMatchObject({ description: expect.any(String) });
    }
  });

  test.each([
    ["constent", {}, undefined, "UsageError", /^found schedule "constent", .*; did you mean "constant"\?$/],
    ["constant", {}, undefined, "ConfigError", /^schedule constant, `learningRate`: /],
    ["constant", { learningRate: 0 }, undefined, "ConfigError", /^schedule constant, `learningRate`: /],
    ["constant", { learningRate: 1, steps: 2 }, undefined, "ConfigError", /^schedule constant, .*steps/],
    ["constant", { learningRate: 1 }, { best: 3 }, "ConfigError", /^schedule constant, its state, .*best/],
    [
      "warmup-cosine",
      { learningRate: 1, steps: 3, warmUpSteps: 4 },
      undefined,
      "ConfigError",
      /^schedule warmup-cosine: found a warm-up of 4 steps, expected no more than all 3 together$/,
    ],
    [
      "reduce-on-plateau",
      { learningRate: 1 },
      { falls: 0, best: "3", waited: 0, resting: 0 },
      "ConfigError",
      /^schedule reduce-on-plateau, its state, `best`: /,
    ],
  ])("%s with %j and state %j: %s", (name, config, state, error, message) => {
    expect(() => openSchedule(name, config, state)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message), exitCode: 2 }),
    );
  });
});

describe("warmup-cosine", () => {
  const schedule = openSchedule("warmup-cosine", {
    learningRate: 0.8,
    steps: 104,
    warmUpSteps: 4,
    finalShare: 0.25,
  });

  test("rises by equal steps, to the peak once", () => {
    const rise = [0, 1, 2, 3, 4].map((step) => schedule.rate(step));
    expect(rise).toEqual([0.16, 0.32, 0.48, 0.64, 0.8].map((rate) => expect.closeTo(rate, 12)));
    expect(schedule.rate(5)).toBeLessThan(0.8);
  });

  test("falls by the closed form, and stays on the floor", () => {
    // floor + (peak − floor) · cos²(π/2 · progress), another way to write half a cosine.
    for (let step = 4; step < 104; step++) {
      const progress = (step - 4) / 100;
      expect(schedule.rate(step)).toBeCloseTo(0.2 + 0.6 * Math.cos((Math.PI / 2) * progress) ** 2, 12);
    }
    expect(schedule.rate(54)).toBeCloseTo(0.5, 12);
    expect([104, 105, 1e9].map((step) => schedule.rate(step))).toEqual([0.2, 0.2, 0.2]);
  });
});

test("step-decay falls after every so many steps", () => {
  const schedule = openSchedule("step-decay", { learningRate: 8, every: 3, factor: 0.5 });
  expect([0, 1, 2, 3, 4, 5, 6, 9].map((step) => schedule.rate(step))).toEqual([8, 8, 8, 4, 4, 4, 2, 1]);
});

describe("reduce-on-plateau", () => {
  const open = (config: object) =>
    openSchedule("reduce-on-plateau", { learningRate: 1, factor: 0.5, ...config });
  const ratesAfter = (schedule: Schedule, each: readonly number[]) =>
    each.map((loss) => {
      schedule = schedule.observe(loss);
      return schedule.rate(0);
    });

  test("bears as many validations without progress as it has patience", () => {
    expect(ratesAfter(open({ patience: 1 }), [3, 3, 3, 3, 3])).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  test("NaN and infinity are no progress", () => {
    const each = [Number.NaN, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY, Number.NaN, 2];
    expect(ratesAfter(open({ patience: 1 }), each)).toEqual([1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  test("falls to the minimum and no further", () => {
    expect(ratesAfter(open({ patience: 0, minimumRate: 0.3 }), [3, 3, 3, 3])).toEqual([1, 0.5, 0.3, 0.3]);
  });
});
