import { describe, expect, it } from "vitest";
import type { Batch } from "../corpus/index.ts";
import { build } from "../graph/build.ts";
import { initialParameters, openModel } from "../models/index.ts";
import { parameterFeeds, scalarOf } from "../runtime/feeds.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { createRandom } from "../util/random.ts";
import { carriedFrom, nextTokenObjective, nothingCarried } from "./objective.ts";

const vocabularySize = 6;
const rows = 2;

function batchOf(
  tokens: readonly (readonly number[])[],
  continues: readonly number[],
  lengths?: readonly number[],
): Batch {
  const steps = tokens[0].length - 1;
  return {
    rows,
    steps,
    fields: 1,
    controlSize: 0,
    inputs: Int32Array.from(tokens.flatMap((row) => row.slice(0, -1))),
    targets: Int32Array.from(tokens.flatMap((row) => row.slice(1))),
    controls: new Float32Array(),
    mask: Float32Array.from(
      tokens.flatMap((_, row) =>
        Array.from({ length: steps }, (_, i) => (i < (lengths?.[row] ?? steps) ? 1 : 0)),
      ),
    ),
    continues: Uint8Array.from(continues),
  };
}

describe("next tokens", () => {
  const random = createRandom(3);
  const music = Array.from({ length: rows }, () =>
    Array.from({ length: 9 }, () => random.integer(vocabularySize)),
  );

  it.each([
    ["lstm", { layers: 2, hiddenSize: 5 }],
    ["gru", { layers: 2, hiddenSize: 5 }],
    ["transformer", { layers: 2, features: 16, heads: 2, attention: "linear" }],
  ])("of a %s: two windows with carried state lose as much as one of both", async (name, config) => {
    const model = openModel(name, { vocabularySize, ...config });
    const parameters = initialParameters(model, 1);
    const lossOf = async (steps: number, batches: readonly Batch[]) => {
      const objective = nextTokenObjective(model, { rows, steps, carries: true, dropout: false });
      const session = await createInterpreter().open(
        build({ outputs: { loss: objective.loss, ...objective.outputs } }),
      );
      let carried = nothingCarried(model, rows);
      let sum = 0;
      for (const batch of batches) {
        const { feeds, weight } = objective.batch(batch, carried, 0);
        const { loss, ...after } = await session.run({ ...parameterFeeds(parameters), ...feeds });
        carried = carriedFrom(after);
        sum += weight * scalarOf({ loss }, "loss");
      }
      return sum;
    };
    const halves = [music.map((row) => row.slice(0, 5)), music.map((row) => row.slice(4))];
    const whole = await lossOf(8, [batchOf(music, [0, 0])]);
    const carried = await lossOf(4, [batchOf(halves[0], [0, 0]), batchOf(halves[1], [1, 1])]);
    const forgotten = await lossOf(4, [batchOf(halves[0], [0, 0]), batchOf(halves[1], [1, 0])]);
    expect(carried).toBeCloseTo(whole, 5);
    expect(Math.abs(forgotten - whole)).toBeGreaterThan(2e-4);
  });

  it("do not count where the mask is 0", async () => {
    const model = openModel("gru", { vocabularySize, layers: 1, hiddenSize: 5 });
    const objective = nextTokenObjective(model, { rows, steps: 8, carries: false, dropout: false });
    const session = await createInterpreter().open(build({ outputs: { loss: objective.loss } }));
    const run = async (tokens: readonly (readonly number[])[]) => {
      const { feeds, weight } = objective.batch(batchOf(tokens, [0, 0], [8, 3]), {}, 0);
      expect(weight).toBe(11);
      const parameters = parameterFeeds(initialParameters(model, 1));
      return scalarOf(await session.run({ ...parameters, ...feeds }), "loss");
    };
    const changed = [
      music[0],
      [...music[1].slice(0, 4), ...music[1].slice(4).map((token) => (token + 1) % vocabularySize)],
    ];
    expect(await run(changed)).toBe(await run(music));
  });

  it("cannot carry a state that grows", () => {
    const model = openModel("transformer", { vocabularySize, layers: 1, features: 8, heads: 2, context: 8 });
    expect(() => nextTokenObjective(model, { rows, steps: 4, carries: true, dropout: false })).toThrow(
      "set training.carry to false",
    );
  });
});
