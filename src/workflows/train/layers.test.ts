import { describe, expect, it } from "vitest";
import { ConfigError } from "../../util/errors.ts";
import { flagLayer, formatConfiguration, presetLayer, readLayers, yamlLayer } from "./layers.ts";
import { presetOf, presets } from "./presets.ts";

const base = presetLayer("transformer", presetOf("transformer").configuration);

describe("layers of a configuration", () => {
  it("are laid over one another key by key, the last word being the last", () => {
    const file = yamlLayer("training: { window: 300, seed: 4 }\n", "mine.yaml");
    const flags = flagLayer({ "training.seed": ["--seed 5", 5] });
    const { training, model } = readLayers([base, file, flags]);
    expect(training).toMatchObject({ window: 300, seed: 5, batchSize: 1 });
    expect(model.config).toMatchObject({ features: 256 });
  });

  it("do not hand the options of one kind of model to another", () => {
    const { model } = readLayers([base, yamlLayer("model: { name: gru }", "mine.yaml")]);
    expect(model).toEqual({ name: "gru", config: {} });
  });

  it("hand the options of one model to another of its family", () => {
    const lstm = presetLayer("lstm", { model: { name: "lstm", config: { layers: 2, embedding: 16 } } });
    const { model } = readLayers([lstm, flagLayer({ "model.name": ["--set model.name", "gru"] })]);
    expect(model).toEqual({ name: "gru", config: { layers: 2, embedding: 16 } });
  });

  it("take options and the kind that they are meant for in whatever order they are typed", () => {
    const typed = [
      ["model.config.features", ["--set model.config.features", 64]],
      ["model.name", ["--set model.name", "transformer"]],
    ] as const;
    for (const each of [typed, typed.toReversed()]) {
      const { model } = readLayers([
        presetLayer("lstm", presetOf("lstm").configuration),
        flagLayer(Object.fromEntries(each)),
      ]);
      expect(model).toEqual({ name: "transformer", config: { features: 64 } });
    }
  });

  it("come back from the file they are written to", () => {
    for (const name of Object.keys(presets)) {
      const configuration = readLayers([presetLayer(name, presetOf(name).configuration)]);
      const text = formatConfiguration(configuration, "made by\nsomebody");
      expect(readLayers([yamlLayer(text, "config.yaml")])).toEqual(configuration);
    }
  });

  it.each([
    ["training:\n  epochs: 3\n  widow: 4\n", "mine.yaml, line 3, column 3", 'did you mean "window"?'],
    ["training:\n  epochs: three\n", "mine.yaml, line 2, column 3", "`training.epochs`"],
    ["trainin: {}\n", "mine.yaml, line 1, column 1", 'did you mean "training"?'],
    ["training: [1\n", "mine.yaml, line", "expected YAML"],
    ["- a\n- b\n", "mine.yaml", "expected a mapping"],
    [
      "training:\n  augmentation:\n    highestTransposition: -3\n",
      "mine.yaml, line 3, column 5",
      "highestTransposition",
    ],
  ])("refuse %j with where it stands", (text, place, words) => {
    const read = () => readLayers([base, yamlLayer(text, "mine.yaml")]);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(place);
    expect(read).toThrow(words);
  });

  it("name the flag that does not fit", () => {
    const flags = flagLayer({ "training.learningRat": ["--set training.learningRat", 1] });
    expect(() => readLayers([base, flags])).toThrow(
      /^--set training.learningRat: found `training.learningRat`, .*did you mean "learningRate"\?$/,
    );
  });
});
