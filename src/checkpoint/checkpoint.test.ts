import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../test/fixtures/refusal.ts";
import { memoryPlatform } from "../platform/memory.ts";
import { sha256 } from "../platform/node/sha256.ts";
import type { Platform } from "../platform/platform.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { type Checkpoint, readCheckpoint, readConfig, writeCheckpoint } from "./checkpoint.ts";
import { CheckpointError } from "./error.ts";
import { decodeSafetensors } from "./safetensors.ts";
import { formatTraining, joinSlots, readTraining, type TrainingState } from "./training-state.ts";

const array: fc.Arbitrary<NamedArray> = fc
  .float32Array({ maxLength: 6 })
  .map((data) => ({ shape: [1, data.length], data }));
const parameters: fc.Arbitrary<Parameters> = fc.dictionary(fc.string({ minLength: 1 }), array, {
  maxKeys: 4,
});
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });
// JSON has no negative zero, and neither do we need one.
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const configuration = fc.dictionary(
  fc.string().filter((name) => name !== "__proto__"),
  json,
  { maxKeys: 3 },
);
const named = fc.record({ name: fc.string({ minLength: 1 }), configuration });
const identifier = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
const fingerprint = fc.stringMatching(/^[0-9a-f]{64}$/);
const count = fc.nat();

const training: fc.Arbitrary<TrainingState> = fc.record({
  optimiser: fc.record({
    name: fc.string({ minLength: 1 }),
    configuration,
    step: count,
    slots: fc.dictionary(identifier, parameters, { maxKeys: 3 }),
  }),
  random: fc.dictionary(identifier, fc.tuple(word, word, word, word)),
  schedule: json,
  position: json,
});

const checkpoints: fc.Arbitrary<Checkpoint> = fc.record(
  {
    model: named,
    representation: named,
    controls: fc.array(named, { maxLength: 2 }),
    controlFlags: fc.constantFrom("none" as const, "shared" as const, "each" as const),
    provenance: fc.record(
      {
        rubato: fc.string(),
        commit: fc.string(),
        corpus: fc.record({ name: fc.string(), fingerprint: fc.string() }),
        seed: fc.oneof(fc.integer(), fc.string()),
        steps: count,
        tokensSeen: count,
        command: fc.string(),
        date: fc
          .date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true })
          .map((date) => date.toISOString()),
        parent: fc.record({ path: fc.string(), fingerprint }),
      },
      { requiredKeys: ["rubato", "seed", "steps", "tokensSeen", "command", "date"] },
    ),
    parameters,
    training,
  },
  { requiredKeys: ["model", "representation", "controls", "controlFlags", "provenance", "parameters"] },
);

const random = createRandom(1);
const weights = (shape: readonly number[]): NamedArray => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    () => 2 * random.next() - 1,
  ),
});
const modelParameters = {
  "embedding.weight": weights([5, 4]),
  "norm.weight": weights([4]),
  scale: weights([]),
};

const example: Checkpoint & { readonly training: TrainingState } = {
  model: { name: "lstm", configuration: { layers: 2 } },
  representation: { name: "performance", configuration: {} },
  controls: [],
  controlFlags: "none" as const,
  provenance: {
    rubato: "0.1.0",
    corpus: { name: "maestro", fingerprint: "5f" },
    seed: 1,
    steps: 100,
    tokensSeen: 51200,
    command: "rubato train maestro",
    date: "2025-01-02T03:04:05.000Z",
  },
  parameters: modelParameters,
  training: {
    optimiser: {
      name: "adamw",
      configuration: { beta: 0.9 },
      step: 100,
      slots: { first: modelParameters, second: {} },
    },
    random: { dropout: random.fork("dropout").state() },
    schedule: { step: 100 },
    position: null,
  },
};

async function written(checkpoint: Checkpoint = example): Promise<Platform> {
  const platform = memoryPlatform({ sha256 });
  await writeCheckpoint(platform, "run", checkpoint);
  return platform;
}

const paths = async ({ store }: Platform) => (await store.list("run")).map(({ path }) => path);
const text = async ({ store }: Platform, path: string) => new TextDecoder().decode(await store.read(path));

describe("a checkpoint", () => {
  it("is read back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(checkpoints, async (checkpoint) => {
        const platform = await written(checkpoint);
        const { precision, fingerprint: mark, ...read } = await readCheckpoint(platform, "run");
        expect(read).toEqual(checkpoint);
        expect(precision).toBe("float32");
        expect(mark).toBe(sha256(await platform.store.read("run/model.safetensors")));
      }),
    );
  });

  it("is written again as it was read", async () => {
    const platform = await written();
    const read = await readCheckpoint(platform, "run");
    expect(await writeCheckpoint(platform, "copy", read)).toBe(read.fingerprint);
    expect(await readCheckpoint(platform, "copy")).toEqual(read);
  });

  it("lies in a folder that others know their way in", async () => {
    const platform = await written();
    expect(await paths(platform)).toEqual([
      "config.json",
      "model.safetensors",
      "optimiser.safetensors",
      "training.json",
    ]);
    expect(JSON.parse(await text(platform, "run/config.json"))).toMatchObject({
      format: "rubato-checkpoint",
      version: 1,
      model: { name: "lstm", configuration: { layers: 2 } },
      provenance: { steps: 100 },
    });
    const arrays = decodeSafetensors(await platform.store.read("run/optimiser.safetensors"), "");
    expect(Object.keys(arrays.parameters)).toEqual([
      "first/embedding.weight",
      "first/norm.weight",
      "first/scale",
    ]);
  });

  it("loses its state of training when one without takes its place", async () => {
    const platform = await written();
    const { training: _, ...shipped } = example;
    await writeCheckpoint(platform, "run", shipped);
    expect(await paths(platform)).toEqual(["config.json", "model.safetensors"]);
    expect(await readCheckpoint(platform, "run")).not.toHaveProperty("training");
  });

  it("is read without its state of training where nobody wants it", async () => {
    const platform = await written();
    await platform.store.remove("run/optimiser.safetensors");
    const read = await readCheckpoint(platform, "run", { training: false });
    expect(read).not.toHaveProperty("training");
    expect(read.parameters).toEqual(example.parameters);
  });

  it("is half as large in float16, and off by 2^-11 of a number at most", async () => {
    const { training: _, ...shipped } = example;
    const platform = memoryPlatform({ sha256 });
    await writeCheckpoint(platform, "run", shipped, { precision: "float16" });
    const read = await readCheckpoint(platform, "run");
    expect(read.precision).toBe("float16");
    for (const [name, { shape, data }] of Object.entries(example.parameters)) {
      expect(read.parameters[name].shape).toEqual(shape);
      read.parameters[name].data.forEach((value, i) => {
        expect(Math.abs(value - data[i])).toBeLessThanOrEqual(Math.abs(data[i]) * 2 ** -11);
      });
    }
  });

  it("tells what it is of without its numbers", async () => {
    const platform = await written();
    await platform.store.remove("run/model.safetensors");
    const config = await readConfig(platform, "run");
    expect(config.model).toEqual(example.model);
    expect(config.files["model.safetensors"].bytes).toBeGreaterThan(100);
  });

  it("has the same bytes whenever it is written", async () => {
    const [first, second] = await Promise.all([written(), written()]);
    for (const path of await paths(first)) {
      expect(await first.store.read(`run/${path}`)).toEqual(await second.store.read(`run/${path}`));
    }
  });
});

describe("what is refused when writing", () => {
  const write = (checkpoint: Checkpoint, platform: Platform = memoryPlatform({ sha256 })) =>
    writeCheckpoint(platform, "run", checkpoint);

  it.each(["config.json", "model.safetensors", "training.json"])(
    "a folder with somebody else's %s, which stays as it is",
    async (name) => {
      const platform = memoryPlatform({ sha256, files: { [`run/${name}`]: '{"architectures":[]}' } });
      const { message } = await refusalOf(write(example, platform), CheckpointError);
      expect(message).toBe(
        `found run with a ${name} that is not of a Rubato checkpoint, ` +
          "expected an empty folder, or a checkpoint to replace: choose another folder",
      );
      expect(await paths(platform)).toEqual([name]);
      expect(await text(platform, `run/${name}`)).toBe('{"architectures":[]}');
    },
  );

  it("a state of training beside rounded parameters", async () => {
    const refused = writeCheckpoint(memoryPlatform({ sha256 }), "run", example, { precision: "float16" });
    expect((await refusalOf(refused, CheckpointError)).message).toContain(
      "expected float32, from which training",
    );
  });

  it("what could not be read again, and nothing is lost", async () => {
    const platform = await written();
    const before = await text(platform, "run/config.json");
    const { provenance } = example;
    const state = { ...example.training, position: "further on" };
    const optimiser = { ...state.optimiser, step: 101, slots: { first: { scale: weights([3]) } } };
    const later = { ...example, parameters: { scale: weights([3]) }, training: { ...state, optimiser } };
    const wrong: readonly Checkpoint[] = [
      { ...later, provenance: { ...provenance, date: "yesterday" } },
      { ...later, model: { name: "lstm", configuration: { dropout: Number.NaN } } },
      { ...later, training: { ...state, schedule: { best: Number.POSITIVE_INFINITY } } },
      { ...later, training: { ...state, optimiser: { ...optimiser, slots: { "a/b": {} } } } },
    ];
    for (const checkpoint of wrong) await expect(write(checkpoint, platform)).rejects.toThrow(/^invariant:/);
    expect(await text(platform, "run/config.json")).toBe(before);
    expect(await paths(platform)).toHaveLength(4);
  });
});

describe("what is refused when reading, in one sentence", () => {
  /** What reading says after something happened to the folder. */
  async function refusalAfter(change: (platform: Platform) => Promise<unknown>): Promise<string> {
    const platform = await written();
    await change(platform);
    const { message } = await refusalOf(readCheckpoint(platform, "run"), CheckpointError);
    expect(message).toMatch(/^found [^\n]*, expected [^\n]*: [^\n]*$/);
    return message;
  }
  const parts = ["model.safetensors", "optimiser.safetensors", "training.json"];

  it("a folder that is none", async () => {
    const platform = memoryPlatform({ sha256, files: { file: "", "empty/x": "" } });
    const read = async (folder: string) =>
      (await refusalOf(readCheckpoint(platform, folder), CheckpointError)).message;
    expect(await read("file")).toContain("found a file at file, expected the folder of a checkpoint");
    expect(await read("empty")).toContain("found no config.json at empty, expected");
    expect(await read("gone")).toContain("found nothing at gone, expected");
  });

  it.each(parts)("a folder without its %s", async (name) => {
    expect(await refusalAfter(({ store }) => store.remove(`run/${name}`))).toMatch(
      new RegExp(`^found no ${name} in run, expected one of \\d+ bytes: copy the whole folder again$`),
    );
  });

  it.each(parts)("%s cut off", async (name) => {
    const message = await refusalAfter(async ({ store }) => {
      const bytes = await store.read(`run/${name}`);
      await store.write(`run/${name}`, bytes.subarray(0, 17));
    });
    expect(message).toMatch(new RegExp(`^found run/${name} of 17 bytes, expected \\d+`));
  });

  it.each(parts)("%s with a bit turned over", async (name) => {
    const message = await refusalAfter(async ({ store }) => {
      const bytes = await store.read(`run/${name}`);
      bytes[bytes.length - 1] ^= 1;
      await store.write(`run/${name}`, bytes);
    });
    expect(message).toContain(`found run/${name} with other contents than config.json names`);
  });

  it("a config.json that knows half a state of training", async () => {
    const message = await refusalAfter(async (platform) => {
      const config = JSON.parse(await text(platform, "run/config.json"));
      delete config.files["training.json"];
      await platform.store.write("run/config.json", new TextEncoder().encode(JSON.stringify(config)));
    });
    expect(message).toContain("damaged at `files`, expected what Rubato writes (expected both");
  });

  it("arrays of a slot that training.json does not know", () => {
    const { optimiser } = example.training;
    const state = formatTraining({ ...example.training, optimiser: { ...optimiser, slots: {} } });
    const read = () => readTraining(state, joinSlots(optimiser.slots), "run/training.json");
    expect(read).toThrow(CheckpointError);
    expect(read).toThrow("found `first/embedding.weight` in the state of the optimiser");
  });

  it("a config.json that names a file elsewhere", async () => {
    const platform = await written();
    const config = await text(platform, "run/config.json");
    const forged = config.replace(/"sha256": "[0-9a-f]+"/, '"sha256": "../../secret"');
    await platform.store.write("run/config.json", new TextEncoder().encode(forged));
    const { message } = await refusalOf(readCheckpoint(platform, "run"), CheckpointError);
    expect(message).toContain("damaged at `files.model.safetensors.sha256`");
  });

  it("a config.json that is broken in any way", async () => {
    const platform = await written();
    const config = await platform.store.read("run/config.json");
    const edit = fc.record({
      at: fc.nat(config.length),
      cut: fc.nat(3),
      put: fc.uint8Array({ maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, cut, put }) => {
        const broken = Uint8Array.of(...config.subarray(0, at), ...put, ...config.subarray(at + cut));
        await platform.store.write("run/config.json", broken);
        try {
          expect((await readCheckpoint(platform, "run")).parameters).toEqual(example.parameters);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
    );
  });
});
