/** @file Names are stable: a checkpoint of today is read by the parameters' names and shapes, and so is a state. */
import { expect, it } from "vitest";
import { models, openModel } from "./index.ts";

const listed = (name: string, config: object) => {
  const { parameters, state } = openModel(name, config);
  const lines = (table: typeof parameters | typeof state) =>
    Object.entries(table).map(([key, { shape }]) => `${key} [${shape.join(", ")}]`);
  return { parameters: lines(parameters), state: lines(state) };
};

const recurrent = { vocabularySize: 7, layers: 2, hiddenSize: 4, controls: 3 };
const attentive = { vocabularySize: 7, layers: 1, features: 8, heads: 2, hiddenSize: 12, context: 16 };

it("of lstm", () => {
  expect(listed("lstm", recurrent)).toMatchInlineSnapshot(`
    {
      "parameters": [
        "layers.0.input.class.weight [7, 16]",
        "layers.0.input.feature.weight [3, 16]",
        "layers.0.input.bias [16]",
        "layers.0.hidden.weight [4, 16]",
        "layers.1.input.feature.weight [4, 16]",
        "layers.1.input.bias [16]",
        "layers.1.hidden.weight [4, 16]",
        "output.weight [4, 7]",
        "output.bias [7]",
      ],
      "state": [
        "layers.0.hidden [batch, 4]",
        "layers.0.cell [batch, 4]",
        "layers.1.hidden [batch, 4]",
        "layers.1.cell [batch, 4]",
      ],
    }
  `);
});

it("of recurrent models with an embedding", () => {
  for (const [name, gates] of [
    ["lstm", 16],
    ["gru", 12],
  ] as const) {
    const { parameters, state } = listed(name, { ...recurrent, embedding: 5 });
    expect(parameters.slice(0, 3)).toEqual([
      "embedding.weight [7, 5]",
      `layers.0.input.feature.weight [8, ${gates}]`,
      `layers.0.input.bias [${gates}]`,
    ]);
    expect(parameters.slice(3)).toEqual(listed(name, recurrent).parameters.slice(3));
    expect(state).toEqual(listed(name, recurrent).state);
  }
});

it("of gru", () => {
  expect(listed("gru", recurrent)).toMatchInlineSnapshot(`
    {
      "parameters": [
        "layers.0.input.class.weight [7, 12]",
        "layers.0.input.feature.weight [3, 12]",
        "layers.0.input.bias [12]",
        "layers.0.hidden.weight [4, 12]",
        "layers.0.hidden.bias [12]",
        "layers.1.input.feature.weight [4, 12]",
        "layers.1.input.bias [12]",
        "layers.1.hidden.weight [4, 12]",
        "layers.1.hidden.bias [12]",
        "output.weight [4, 7]",
        "output.bias [7]",
      ],
      "state": [
        "layers.0.hidden [batch, 4]",
        "layers.1.hidden [batch, 4]",
      ],
    }
  `);
});

it("of transformer, with all there is", () => {
  expect(listed("transformer", { ...attentive, controls: 3 })).toMatchInlineSnapshot(`
    {
      "parameters": [
        "embedding.weight [7, 8]",
        "conditioning.weight [3, 8]",
        "blocks.0.attention.norm.weight [8]",
        "blocks.0.attention.query.weight [8, 8]",
        "blocks.0.attention.key.weight [8, 8]",
        "blocks.0.attention.value.weight [8, 8]",
        "blocks.0.attention.output.weight [8, 8]",
        "blocks.0.attention.query.norm.weight [4]",
        "blocks.0.attention.key.norm.weight [4]",
        "blocks.0.feed-forward.norm.weight [8]",
        "blocks.0.feed-forward.gate.weight [8, 12]",
        "blocks.0.feed-forward.up.weight [8, 12]",
        "blocks.0.feed-forward.down.weight [12, 8]",
        "norm.weight [8]",
        "output.weight [8, 7]",
      ],
      "state": [
        "position [batch, 1]",
        "blocks.0.keys [batch, 2, past, 4]",
        "blocks.0.values [batch, 2, past, 4]",
      ],
    }
  `);
});

it("of transformer, with as little as can be", () => {
  const config = { ...attentive, queryKeyNorm: false, tiedEmbedding: true };
  expect(listed("transformer", config)).toMatchInlineSnapshot(`
    {
      "parameters": [
        "embedding.weight [7, 8]",
        "blocks.0.attention.norm.weight [8]",
        "blocks.0.attention.query.weight [8, 8]",
        "blocks.0.attention.key.weight [8, 8]",
        "blocks.0.attention.value.weight [8, 8]",
        "blocks.0.attention.output.weight [8, 8]",
        "blocks.0.feed-forward.norm.weight [8]",
        "blocks.0.feed-forward.gate.weight [8, 12]",
        "blocks.0.feed-forward.up.weight [8, 12]",
        "blocks.0.feed-forward.down.weight [12, 8]",
        "norm.weight [8]",
      ],
      "state": [
        "position [batch, 1]",
        "blocks.0.keys [batch, 2, past, 4]",
        "blocks.0.values [batch, 2, past, 4]",
      ],
    }
  `);
});

it("of transformer, told before every block", () => {
  const config = { ...attentive, layers: 3, controls: 5, controlsInto: "blocks" };
  const read = listed("transformer", config).parameters.filter((each) => each.includes("conditioning"));
  expect(read).toEqual([
    "conditioning.weight [5, 8]",
    "blocks.1.conditioning.weight [5, 8]",
    "blocks.2.conditioning.weight [5, 8]",
  ]);
  const untold = listed("transformer", { ...config, controls: 0 });
  expect(untold).toEqual(listed("transformer", { ...attentive, layers: 3 }));
});

it("of transformer, with relative positions and with linear attention", () => {
  const relative = listed("transformer", { ...attentive, positions: "relative" });
  expect(relative.parameters).toContain("blocks.0.attention.distance.weight [2, 16, 4]");
  const { context: _, ...endless } = attentive;
  expect(listed("transformer", { ...endless, attention: "linear" })).toMatchInlineSnapshot(`
    {
      "parameters": [
        "embedding.weight [7, 8]",
        "blocks.0.attention.norm.weight [8]",
        "blocks.0.attention.query.weight [8, 8]",
        "blocks.0.attention.key.weight [8, 8]",
        "blocks.0.attention.value.weight [8, 8]",
        "blocks.0.attention.gate.weight [8, 8]",
        "blocks.0.attention.output.weight [8, 8]",
        "blocks.0.attention.query.norm.weight [4]",
        "blocks.0.attention.key.norm.weight [4]",
        "blocks.0.attention.result.norm.weight [4]",
        "blocks.0.attention.decay.weight [8, 2]",
        "blocks.0.attention.decay.bias [2]",
        "blocks.0.feed-forward.norm.weight [8]",
        "blocks.0.feed-forward.gate.weight [8, 12]",
        "blocks.0.feed-forward.up.weight [8, 12]",
        "blocks.0.feed-forward.down.weight [12, 8]",
        "norm.weight [8]",
        "output.weight [8, 7]",
      ],
      "state": [
        "blocks.0.memory [batch, 2, 4, 4]",
      ],
    }
  `);
});

it("of melody", () => {
  expect(listed("melody", { vocabularySize: 1130, hiddenSize: 4, components: 2 })).toMatchInlineSnapshot(`
    {
      "parameters": [
        "layers.0.input.class.weight [128, 16]",
        "layers.0.input.feature.weight [48, 16]",
        "layers.0.input.bias [16]",
        "layers.0.hidden.weight [4, 16]",
        "output.weight [4, 140]",
        "output.bias [140]",
      ],
      "state": [
        "layers.0.hidden [batch, 4]",
        "layers.0.cell [batch, 4]",
      ],
    }
  `);
});

it("of models: all have been listed here", () => {
  expect(Object.keys(models)).toEqual(["lstm", "gru", "transformer", "melody"]);
});
