/** @file Likelihoods against a softmax by hand, from the logits that the model exports. */
import { describe, expect, it } from "vitest";
import { drawTokens, livelyParameters, smallModels, vocabularySize } from "../../test/suites/small-models.ts";
import type { Batch } from "../corpus/index.ts";
import { exportForward, type Model, openModel } from "../models/index.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { Runtime } from "../runtime/session.ts";
import type { Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { addLikelihoods, openLikelihood } from "./index.ts";
import { openPredictor } from "./predictions.ts";

const rows = 2;
const steps = 6;

function drawBatch(model: Model, seed = "batch"): Batch {
  const random = createRandom(seed);
  const count = rows * steps;
  return {
    rows,
    steps,
    fields: 1,
    controlSize: model.controls,
    inputs: drawTokens(count, `${seed} inputs`),
    targets: drawTokens(count, `${seed} targets`),
    controls: Float32Array.from({ length: count * model.controls }, () => random.next()),
    mask: Float32Array.from({ length: count }, (_, i) => (i % steps < 4 ? 1 : 0)),
    continues: new Uint8Array(rows),
  };
}

/** From logits of a model's forward graph, in float64. */
async function byHand(runtime: Runtime, model: Model, parameters: Parameters, batch: Batch) {
  const session = await runtime.open(exportForward(model, parameters, { batch: rows, steps }));
  const { logits } = await session.run({
    tokens: { type: "int32", shape: [rows, steps], data: batch.inputs },
    ...(model.controls > 0 && {
      controls: { type: "float32" as const, shape: [rows, steps, model.controls], data: batch.controls },
    }),
  });
  await session.dispose();
  const values = Array.from(logits.data, Number);
  let nats = 0;
  let correct = 0;
  let events = 0;
  for (const [i, target] of batch.targets.entries()) {
    if (batch.mask[i] === 0) continue;
    const scores = values.slice(i * vocabularySize, (i + 1) * vocabularySize);
    nats += Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[target];
    correct += scores.indexOf(Math.max(...scores)) === target ? 1 : 0;
    events++;
  }
  return { events, nats, correct };
}

const direct: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };

describe.each([
  ["the interpreter", createInterpreter()],
  ["onnxruntime-node", direct],
] as const)("likelihood on %s", (_, runtime) => {
  it.each(smallModels)("of %s %j is that of a softmax by hand", async (name, config) => {
    const model = openModel(name, config);
    const parameters = livelyParameters(model);
    const batch = drawBatch(model);
    const likelihood = await openLikelihood(runtime, model, { rows, steps, threads: 1 });
    const found = await likelihood.run(parameters, batch);
    const expected = await byHand(runtime, model, parameters, batch);
    expect(found).toEqual({ ...expected, nats: expect.closeTo(expected.nats, 4) });
    expect(found.events).toBe(8);

    // Other parameters, in the same graph: all alike, so that each token is as likely as any other.
    const level = Object.fromEntries(
      Object.entries(parameters).map(([key, { shape, data }]) => [
        key,
        { shape, data: new Float32Array(data.length) },
      ]),
    );
    const uniform = await likelihood.run(level, batch);
    expect(uniform.nats / uniform.events).toBeCloseTo(Math.log(vocabularySize), 6);
    // Of equals the first one counts: token 0.
    expect(uniform.correct).toBe(
      batch.targets.filter((token, i) => batch.mask[i] === 1 && token === 0).length,
    );
    expect(addLikelihoods(found, uniform).nats).toBeCloseTo(found.nats + uniform.nats, 9);
    await likelihood.dispose();
  });

  it.each(smallModels)("of %s %j is the same with parameters inside", async (name, config) => {
    const model = openModel(name, config);
    const parameters = livelyParameters(model);
    const batch = drawBatch(model);
    const [bound, given] = await Promise.all([
      openPredictor(runtime, model, { rows, steps, parameters, threads: 1 }),
      openPredictor(runtime, model, { rows, steps, threads: 1 }),
    ]);
    const [inside, outside] = [await bound.run(batch), await given.run(batch, parameters)];
    expect(inside.correct).toEqual(outside.correct);
    for (const [i, nats] of inside.nats.entries()) expect(nats).toBeCloseTo(outside.nats[i], 4);
    await Promise.all([bound.dispose(), given.dispose()]);
  });

  it("of windows that go on is that of one long window", async () => {
    const model = openModel("gru", { vocabularySize, layers: 2, hiddenSize: 8 });
    const parameters = livelyParameters(model);
    const options = { rows, threads: 1, parameters, carries: true };
    const whole = drawBatch(model);
    const half = steps / 2;
    const part = (from: number): Batch => {
      const cut = (values: Int32Array) =>
        Int32Array.from(
          { length: rows * half },
          (_, i) => values[Math.trunc(i / half) * steps + from + (i % half)],
        );
      return {
        ...whole,
        steps: half,
        inputs: cut(whole.inputs),
        targets: cut(whole.targets),
        continues: new Uint8Array(rows).fill(from > 0 ? 1 : 0),
      };
    };
    const long = await openPredictor(runtime, model, { ...options, steps });
    const short = await openPredictor(runtime, model, { ...options, steps: half });
    const { nats } = await long.run(whole);
    // What a row has heard before does not count where it begins anew.
    await short.run(part(half));
    const first = await short.run(part(0));
    const second = await short.run(part(half));
    for (const [i, each] of first.nats.entries()) {
      expect(each).toBeCloseTo(nats[Math.trunc(i / half) * steps + (i % half)], 5);
    }
    for (const [i, each] of second.nats.entries()) {
      expect(each).toBeCloseTo(nats[Math.trunc(i / half) * steps + half + (i % half)], 5);
    }
    await Promise.all([long.dispose(), short.dispose()]);
  });
});
