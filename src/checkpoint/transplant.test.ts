import { describe, expect, it } from "vitest";
import { initialParameters, openModel } from "../models/index.ts";
import { openRepresentation } from "../representations/index.ts";
import { transplant } from "./transplant.ts";

const build = (name: string, config?: object, controls = 0, features = 8) => {
  const representation = openRepresentation(name, config);
  const { vocabularySize } = representation;
  const model = openModel("transformer", {
    vocabularySize,
    controls,
    layers: 1,
    features,
    heads: 2,
    context: 16,
  });
  return { model, representation };
};
const plain = build("performance");
const giver = { ...plain, parameters: initialParameters(plain.model, 1) };
const row = ({ data }: { readonly data: Float32Array }, token: number) => [
  ...data.subarray(token * 8, token * 8 + 8),
];

describe("weights of another model to begin with", () => {
  it("of the same tokens are taken over as they are", () => {
    const { parameters, newTokens, newParameters } = transplant(giver, build("performance"), 2);
    expect(parameters).toEqual(giver.parameters);
    expect([newTokens, newParameters]).toEqual([[], []]);
  });

  it("with new tokens keep what is known by its name", () => {
    const pedal = build("performance-pedal");
    const { parameters, newTokens } = transplant(giver, pedal, 2);
    expect(newTokens).toEqual(["0 pedal-down", "0 pedal-up"]);
    const [before, after] = [giver.parameters["embedding.weight"], parameters["embedding.weight"]];
    expect(row(after, 387)).toEqual(row(before, 387));
    expect(row(after, 388)).toEqual(row(initialParameters(pedal.model, 2)["embedding.weight"], 388));
    // Columns of the last layer, which are tokens, too.
    const [scores, wider] = [giver.parameters["output.weight"], parameters["output.weight"]];
    expect([wider.data[5 * 390 + 60], wider.data[5 * 390 + 387]]).toEqual([
      scores.data[5 * 388 + 60],
      scores.data[5 * 388 + 387],
    ]);
    expect(parameters["blocks.0.attention.query.weight"]).toEqual(
      giver.parameters["blocks.0.attention.query.weight"],
    );
  });

  it("without some tokens lose only these", () => {
    const { parameters, newTokens } = transplant(giver, build("performance", { velocityBins: 0 }), 2);
    expect(newTokens).toEqual([]);
    expect(parameters["embedding.weight"]).toEqual({
      shape: [356, 8],
      data: giver.parameters["embedding.weight"].data.slice(0, 356 * 8),
    });
  });

  it("with controls begin as if nothing was told", () => {
    const { parameters, newParameters } = transplant(giver, build("performance", {}, 3), 2);
    expect(newParameters).toEqual(["conditioning.weight"]);
    expect(parameters["conditioning.weight"].data).toEqual(new Float32Array(24));
  });

  it("of another build are refused in one sentence", () => {
    expect(() => transplant(giver, build("performance", {}, 0, 12), 2)).toThrow(
      /^found `embedding\.weight` of \[388, 8\] to begin with, expected \[388, 12\]: begin with a model of the same build/,
    );
  });
});
