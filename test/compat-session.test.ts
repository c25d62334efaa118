/** @file performance_rnn_torch's sessions, and the small files that other systems promise and the next line loads. */
import { describe, expect, it } from "vitest";
import { memoryPlatform } from "../src/platform/memory.ts";
import { UserError } from "../src/util/errors.ts";
import { findModel } from "../src/workflows/model/index.ts";
import { files, resolved } from "./fixtures/foreign-lines.ts";
import { refusalOf } from "./fixtures/refusal.ts";

describe("a session", () => {
  const train = async (session: string, more = "") =>
    resolved(`python scripts/train.py --session models/${session}.sess ${more}`);

  it("that is new begins with the values of the README, which are a preset", async () => {
    const { native, pointers, log } = await train("new");
    expect(native[0].line).toBe(
      "rubato train data/processed/corpus --preset performance-rnn-torch --out runs/new --seed 7",
    );
    expect(pointers).toMatchObject([{ path: "models/new.sess", leadsTo: "runs/new", kind: "checkpoint" }]);
    expect(log).toBe("logs/model_info_20260301_142530.log");
  });

  it("of one composer's pieces prepares them first", async () => {
    const { native } = await train("new", "--dataset data/processed/bach");
    expect(native.map(({ workflow }) => workflow)).toEqual(["prepare", "train"]);
    expect(native[0].options).toMatchObject({ source: "data/midi/bach", out: "data/processed/bach/corpus" });
  });

  it("that was interrupted is gone on with, unless the optimiser is to begin anew", async () => {
    expect((await train("half")).native[0].options).toEqual({
      resume: "runs/half",
      corpus: "data/processed/corpus",
    });
    expect((await train("half", "-R")).native[0].options).toMatchObject({
      from: "runs/half",
      out: "runs/half-2",
    });
  });

  it("that has ended gives its weights to another run", async () => {
    const { native, pointers, remarks } = await train("done", "--num-epochs 50");
    expect(native[0].options).toMatchObject({
      from: "runs/done",
      out: "runs/done-2",
      epochs: 50,
      learningRate: 1e-3,
    });
    expect(pointers[0].leadsTo).toBe("runs/done-2");
    expect(remarks).toEqual([expect.stringMatching(/weights of models\/done\.sess are kept/)]);
  });
});

describe("a promised file", () => {
  it("that leads nowhere is told, with what made it", async () => {
    const platform = memoryPlatform({ files: { "models/half.sess": files["models/half.sess"] } });
    const { message } = await refusalOf(findModel(platform, "models/half.sess"), UserError);
    expect(message).toMatch(/models\/half\.sess, which points to runs\/half, .*`a test`/);
  });

  it("that is no pointer is no model", async () => {
    const platform = memoryPlatform({ files: { "train.sess": "\u0080pickled" } });
    const { message } = await refusalOf(findModel(platform, "train.sess"), UserError);
    expect(message).toContain('found no model "train.sess"');
  });
});
