/** @file What a step leaves behind when it fails: nothing, however many sessions were at work. */
import { describe, expect, it } from "vitest";
import { log, matmul, reduceMean } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { openOptimiser } from "../optim/index.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { type Runtime, RuntimeError, type Session } from "../runtime/session.ts";
import { beginTraining, type MicroBatch, NonFiniteLossError, openGradients, trainStep } from "./index.ts";

const x = input("x", "float32", [1, 2]);
const weight = input("weight", "float32", [2, 1]);
const loss = reduceMean(log(matmul(x, weight)));
const begin = () => ({ weight: { shape: [2, 1], data: Float32Array.of(1, 2) } });

const batch = (a: number, b: number): MicroBatch => ({
  feeds: { x: { type: "float32", shape: [1, 2], data: Float32Array.of(a, b) } },
  weight: 1,
});
const good = [batch(1, 2), batch(3, 1), batch(2, 2), batch(1, 5)];
const withNaN = good.with(1, batch(-9, 1));

/** The interpreter, with a say in when a session runs and whether it opens; and how many are at work or open. */
function watched(before: { run?: (first: number) => Promise<void>; open?: (index: number) => void }) {
  const interpreter = createInterpreter();
  const counts = { opened: 0, running: 0, begun: 0, disposed: 0 };
  const runtime: Runtime = {
    ...interpreter,
    async open(model, options): Promise<Session> {
      before.open?.(counts.opened++);
      const session = await interpreter.open(model, options);
      return {
        ...session,
        async run(feeds, wanted) {
          const { x: fed } = feeds;
          counts.begun++;
          counts.running++;
          try {
            await before.run?.(Number(fed.data[0]));
            return await session.run(feeds, wanted);
          } finally {
            counts.running--;
          }
        },
        dispose() {
          counts.disposed++;
          return session.dispose();
        },
      };
    },
  };
  return { runtime, counts };
}

/** Resolves after other work has had its turn, again and again. */
async function later(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a step that fails on one of several sessions", () => {
  it("rests before it says so, changes nothing, and does not disturb the next", async () => {
    // The first micro-batch is slow: it would still be at work when the second one fails.
    const { runtime, counts } = watched({ run: (first) => later(first === 1 ? 20 : 1) });
    const gradients = await openGradients(runtime, loss, { weight }, { workers: 2 });
    const optimiser = openOptimiser("adam");
    const state = beginTraining(begin(), optimiser);
    const before = structuredClone(state);
    const options = { learningRate: 0.1 };
    await expect(trainStep(gradients, optimiser, state, withNaN, options)).rejects.toThrow(
      "step 1: the loss is NaN, which begins in Log float32[1, 1]",
    );
    expect(counts.running).toBe(0);
    expect(state).toEqual(before);
    const after = await trainStep(gradients, optimiser, state, good, options);
    const fresh = await openGradients(createInterpreter(), loss, { weight });
    expect(after).toEqual(await trainStep(fresh, optimiser, before, good, options));
  });

  it("begins no other micro-batch", async () => {
    const { runtime, counts } = watched({ run: (first) => later(first === 1 ? 5 : 1) });
    const gradients = await openGradients(runtime, loss, { weight }, { workers: 2 });
    const many = [...withNaN, ...good, ...good, ...good];
    await expect(gradients.run(begin(), many, 1)).rejects.toThrow(NonFiniteLossError);
    await later(100);
    // Two were under way, and a third at most when the second failed; the search for the origin is a run of its own.
    expect(counts.begun).toBeLessThanOrEqual(4);
  });

  it("hands on what the session says, and goes on with the same sessions", async () => {
    let failures = 1;
    const { runtime } = watched({
      async run(first) {
        await later(first === 1 ? 9 : 1);
        if (first === 3 && failures-- > 0) throw new RuntimeError("found no memory, expected some");
      },
    });
    const gradients = await openGradients(runtime, loss, { weight }, { workers: 3 });
    await expect(gradients.run(begin(), good, 1)).rejects.toThrow("found no memory");
    const fresh = await openGradients(createInterpreter(), loss, { weight });
    expect(await gradients.run(begin(), good, 1)).toEqual(await fresh.run(begin(), good, 1));
  });
});

describe("gradients that cannot be opened", () => {
  it("leave no session open where another one fails", async () => {
    const { runtime, counts } = watched({
      open(index) {
        if (index === 1) throw new RuntimeError("found no second device, expected one");
      },
    });
    const opening = openGradients(runtime, loss, { weight }, { workers: 3 });
    await expect(opening).rejects.toThrow("found no second device");
    expect(counts.disposed).toBe(2);
  });

  it("name the parameter that the loss does not depend on, and metrics that hide the loss", async () => {
    const other = input("other", "float32", [7]);
    await expect(openGradients(createInterpreter(), loss, { weight, other })).rejects.toThrow(
      'gradient: expected a tensor that the loss depends on instead of "other", got [7]',
    );
    await expect(openGradients(createInterpreter(), loss, { weight }, { metrics: { loss } })).rejects.toThrow(
      'found a metric or an output called "loss"',
    );
  });
});

it("a batch in which nothing counts is no step, be it one or several", async () => {
  const gradients = await openGradients(createInterpreter(), loss, { weight });
  const empty = { ...good[0], weight: 0 };
  for (const batches of [[empty], [empty, empty]])
    await expect(gradients.run(begin(), batches, 1)).rejects.toThrow(
      "expected a micro-batch with a prediction",
    );
  const { loss: mean } = await gradients.run(begin(), [empty, good[1]], 1);
  expect(mean).toBe((await gradients.run(begin(), [good[1]], 1)).loss);
});
