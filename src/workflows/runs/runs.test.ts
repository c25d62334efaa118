/** @file `runs` over runs in memory: what is listed, what is drawn, and what is refused in one sentence. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { writeCheckpoint } from "../../checkpoint/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { openTracker, type RunState } from "../../tracking/index.ts";
import { runs } from "./runs.ts";

type Platform = ReturnType<typeof memoryPlatform>;

async function train(platform: Platform, folder: string, losses: readonly number[], state?: RunState) {
  const tracker = await openTracker(platform.store, folder, { step: 0, wallTime: () => 1.7e9 });
  losses.forEach((loss, i) => {
    const step = 100 * (i + 1);
    const counters = { tokens: 64 * step, seconds: step / 10 };
    tracker.scalars(step, { "train/loss": loss - 0.1, "train/learning_rate": 3e-4 }, counters);
    tracker.scalars(step, { "validation/loss": loss });
  });
  await (state === undefined ? tracker.flush() : tracker.close(state));
}

async function saveLast(
  platform: Platform,
  folder: string,
  model: { name: string; configuration: Record<string, unknown> } = {
    name: "gru",
    configuration: { vocabularySize: 388 },
  },
) {
  await writeCheckpoint(platform, `${folder}/checkpoints/last`, {
    model,
    representation: { name: "performance", configuration: {} },
    controls: [],
    provenance: {
      rubato: "0.1.0",
      seed: 1,
      steps: 350,
      tokensSeen: 9999,
      command: "rubato train corpus",
      date: "2026-01-02T03:04:05Z",
    },
    parameters: { w: { shape: [1], data: Float32Array.of(1) } },
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const text = async (platform: Platform, path: string) =>
  new TextDecoder().decode(await platform.store.read(path));

describe("runs", () => {
  it("lists a folder's runs, the latest last", async () => {
    const platform = memoryPlatform({ sha256 });
    await train(platform, "runs/b", [3, 2, 2.5], "finished");
    await saveLast(platform, "runs/b");
    await train(platform, "runs/sweep/a", [4, Number.NaN]);
    await platform.store.write("runs/new/config.yaml", new Uint8Array());
    await platform.store.write("runs/b/samples/1.mid", new Uint8Array());
    const report = await runs(platform);
    expect(report.kind).toBe("runs");
    expect(report.kind === "runs" && report.runs.map(({ modified: _, ...rest }) => rest)).toEqual([
      {
        path: "runs/new",
        name: "new",
        model: undefined,
        unit: "nats",
        steps: 0,
        tokens: undefined,
        seconds: undefined,
        best: undefined,
        state: "unfinished",
      },
      {
        path: "runs/b",
        name: "b",
        model: "gru",
        unit: "nats",
        steps: 350,
        tokens: 19_200,
        seconds: 30,
        best: { loss: 2, step: 200 },
        state: "finished",
      },
      {
        path: "runs/sweep/a",
        name: "sweep/a",
        model: undefined,
        unit: "nats",
        steps: 200,
        tokens: 12_800,
        seconds: 20,
        best: { loss: 4, step: 100 },
        state: "unfinished",
      },
    ]);
    expect(report.panels.map(({ series }) => series.map(({ name }) => name))).toEqual([["b", "sweep/a"]]);
  });

  it("draws one run's losses and learning rate, and tells every number", async () => {
    const platform = memoryPlatform();
    await train(platform, "runs/a", [3, 2]);
    const report = await runs(platform, { folders: ["runs/a/"], plot: "out/a.svg" });
    expect(report.panels).toEqual([
      {
        title: "loss, nats a token",
        focused: true,
        series: [
          { name: "train", x: [100, 200], y: [2.9, 1.9] },
          { name: "validation", x: [100, 200], y: [3, 2] },
        ],
      },
      { title: "learning rate", series: [{ name: "train", x: [100, 200], y: [3e-4, 3e-4] }] },
    ]);
    expect(report.kind === "run" && report.curves.map(({ name }) => name)).toEqual([
      "train/loss",
      "train/learning_rate",
      "validation/loss",
    ]);
    const svg = await text(platform, "out/a.svg");
    expect(svg).toContain("<title>a</title>");
    expect(svg).toContain("validation goes from 3 at 100 to 2 at 200; its lowest is 2 at 200.");
  });

  it("calls errors of single numbers no nats", async () => {
    const platform = memoryPlatform({ sha256 });
    for (const [name, time] of [
      ["mixture", "mixture"],
      ["numbers", "mse"],
    ]) {
      await train(platform, `runs/${name}`, [3, 2]);
      await saveLast(platform, `runs/${name}`, {
        name: "melody",
        configuration: { vocabularySize: 1130, time },
      });
    }
    const titleOf = async (...names: string[]) =>
      (await runs(platform, { folders: names.map((name) => `runs/${name}`) })).panels[0].title;
    expect(await titleOf("mixture")).toBe("loss, nats a token");
    expect(await titleOf("numbers")).toBe("loss");
    expect(await titleOf("mixture", "numbers")).toBe("validation loss");
  });

  it("draws the best of more runs than can be told apart, and says so", async () => {
    const platform = memoryPlatform();
    const names = Array.from({ length: 10 }, (_, i) => `runs/r${i}`);
    for (const [i, name] of names.entries()) await train(platform, name, [3 - i / 10]);
    const { panels } = await runs(platform, { folders: names, plot: "all.svg" });
    expect(panels[0].title).toBe("validation loss, nats a token; the 8 lowest of 10 runs");
    expect(panels[0].series.map(({ name }) => name)).toEqual(names.slice(2).map((name) => name.slice(5)));
    expect(await text(platform, "all.svg")).toContain(">r9</text>");
  });

  it("lists a run whose checkpoint is damaged, and says what is wrong", async () => {
    const platform = memoryPlatform();
    await train(platform, "runs/a", [3]);
    await platform.store.write("runs/a/checkpoints/last/config.json", new TextEncoder().encode("{"));
    const report = await runs(platform, { folders: ["runs/a"] });
    expect(report.kind === "run" && report.run.damage).toMatch(/runs\/a\/checkpoints\/last\/config\.json/);
  });

  it.each([
    [{}, "found nothing at runs, expected a run or a folder of runs: `rubato train` makes one under runs/"],
    [{ folders: ["songs"] }, "found no run at songs, expected a run or a folder of runs"],
    [{ folders: ["songs/a.mid"] }, "found a file at songs/a.mid, expected a run or a folder of runs"],
    [
      { folders: ["begun"] },
      "found nothing measured in begun, expected lines in metrics.jsonl: let it train",
    ],
    [{ folders: ["begun", "begun"], plot: "a.svg" }, "found no losses to draw, expected a run that has been"],
    [{ plot: "a.jpg" }, "found --plot a.jpg, expected a name that ends in .svg or .png"],
  ])("refuses %j in one sentence", async (options, message) => {
    const platform = memoryPlatform({
      files: { "songs/a.mid": "", "begun/config.yaml": "", "begun/metrics.jsonl": "" },
    });
    await expect(runs(platform, options)).rejects.toThrow(message);
  });
});
