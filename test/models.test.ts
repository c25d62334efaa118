/** @file The laws of models, on the reference interpreter. */
import { describe, expect, it } from "vitest";
import { models, openModel } from "../src/models/index.ts";
import { createInterpreter } from "../src/runtime/interpreter.ts";
import { goldenGradients } from "./suites/golden-gradients.ts";
import { countShapes, modelCases } from "./suites/model-cases.ts";
import { modelLaws } from "./suites/models.ts";

for (const each of modelCases) modelLaws(each, async () => createInterpreter());

describe("models", () => {
  it("each have a case", () => {
    const named = new Set(modelCases.map(({ definition }) => definition.name));
    expect([...named].sort()).toEqual(Object.keys(models).sort());
  });

  it("have the size that Magenta's has", () => {
    expect(countShapes(openModel("lstm", { vocabularySize: 388 }))).toBe(6_242_692);
  });

  it("say what is wrong with a name or a configuration", () => {
    expect(() => openModel("lstn", {})).toThrow(
      'found model "lstn", expected one of lstm, gru, transformer, melody',
    );
    expect(() => openModel("lstm", { vocabularySize: 0 })).toThrow("model lstm");
    expect(() => openModel("transformer", { vocabularySize: 8, features: 12, heads: 4 })).toThrow(
      "even number",
    );
  });
});

describe("the interpreter", () => {
  goldenGradients(async () => createInterpreter());
});
