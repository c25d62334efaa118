/** @file What other systems' lines stand for: every flag is heard, words mean what their README says, and errors are sentences. */
import { describe, expect, it } from "vitest";
import { openModel } from "../src/models/index.ts";
import { memoryPlatform } from "../src/platform/memory.ts";
import { memoryStore } from "../src/platform/memory-store.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { readConfiguration } from "../src/util/configuration.ts";
import { UserError } from "../src/util/errors.ts";
import { flagsOf, natives, systems } from "../src/workflows/compat/index.ts";
import { trainSchema } from "../src/workflows/train/index.ts";
import { presetOf } from "../src/workflows/train/presets.ts";
import { readConfigurationOf } from "../src/workflows/train/read.ts";
import { type ForeignLine, files, foreignLines, resolved, words } from "./fixtures/foreign-lines.ts";
import { refusalOf } from "./fixtures/refusal.ts";

const nameOf = ({ line }: ForeignLine) => words(line).find((word) => !/^python/.test(word)) ?? "";

/** All that a line comes to, or the sentence with which it is refused. */
async function meaningOf(line: string, system: string): Promise<unknown> {
  try {
    const { typed: _, ...meaning } = await resolved(line, { system });
    return JSON.parse(JSON.stringify(meaning, (key, value) => (key === "madeBy" ? undefined : value)));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe("every program", () => {
  const programs = systems.flatMap(({ name, programs: all }) =>
    all.map((program) => [name, program] as const),
  );

  it.each(programs.map(([system, program]) => [system, program.names[0], program] as const))(
    "%s %s has a line in which each of its flags changes what is done",
    async (system, name, program) => {
      const line = foreignLines.find((each) => each.system === system && nameOf(each) === name);
      const flags = flagsOf(program.syntax.schema);
      expect(Object.keys(line?.flags ?? {}).sort()).toEqual([...flags.keys()].sort());
      const plain = await meaningOf(line?.line ?? "", system);
      expect(typeof plain).toBe("object");
      for (const [key, flag] of flags) {
        const added = line?.flags[key] ?? "";
        const meanings = await Promise.all(
          flag.names.map((each) => meaningOf(`${line?.line} ${added.replace("{}", each)}`, system)),
        );
        expect([key, meanings[0]]).not.toEqual([key, plain]);
        // Whatever it is called.
        for (const meaning of meanings) expect(meaning).toEqual(meanings[0]);
      }
    },
  );

  it.each(programs.flatMap(([system, { names }]) => names.map((name) => [system, name] as const)))(
    "%s %s says what its flags are",
    async (system, name) => {
      const { help } = await resolved(`${name} --help`, { system });
      expect(help?.summary).not.toBe("");
      for (const flag of help?.flags ?? [])
        expect([flag.names.length > 0, flag.usual, flag.description]).not.toContain("");
    },
  );
});

describe("our commands", () => {
  const lines = foreignLines.flatMap(({ system, line, flags }) => [
    [system, line] as const,
    ...Object.entries(flags).map(([key, added]) => {
      const found = systems
        .find(({ name }) => name === system)
        ?.programs.find(({ names }) => words(line).some((word) => names.includes(word)));
      const name = found && flagsOf(found.syntax.schema).get(key)?.names[0];
      return [system, `${line} ${added.replace("{}", name ?? "")}`] as const;
    }),
  ]);

  it("have every option that a line is mapped to, and every training a configuration and a model", async () => {
    const platform = memoryPlatform();
    let trainings = 0;
    for (const [system, line] of lines) {
      const { native } = await resolved(line, { system }).catch((error: unknown) => {
        if (error instanceof UserError) return { native: [] };
        throw error;
      });
      for (const { workflow, options } of native) {
        readConfiguration(natives[workflow].schema, options, line);
        if (workflow !== "train") continue;
        const typed = trainSchema.parse(options);
        if (typed.resume !== undefined || typed.from !== undefined) continue;
        trainings++;
        const beginning = { run: undefined, parent: undefined };
        const { model } = await readConfigurationOf(platform, typed, beginning);
        const { name, config } = presetOf(typed.preset ?? "").representation ?? {
          name: "performance",
          config: {},
        };
        const { vocabularySize } = openRepresentation(name, config);
        expect(
          Object.keys(openModel(model.name, { ...model.config, vocabularySize }).parameters),
        ).not.toEqual([]);
      }
    }
    expect(trainings).toBeGreaterThan(30);
  });

  it("stand in lines as the commands have them", async () => {
    for (const [name, { positional }] of Object.entries(natives)) {
      const { default: command } = await import(`../src/cli/commands/${name}.ts`);
      expect([name, positional]).toEqual([name, command.positional]);
    }
  });
});

describe("whose line it is", () => {
  it.each([
    ["python train.py", "music-rnn"],
    ["python3 generate.py --length 1000 --temperature 0.8 --output my_song.mid", "music-rnn"],
    ["python train.py -s save/myModel.sess -d dataset/processed/MYDATA -i 10", "performance-rnn-torch"],
    ["python generate.py --num-samples 3", "performance-rnn-torch"],
    ["python3 generate.py -s save/test.sess -l 1000 -c ;3", "performance-rnn-torch"],
    ["python scripts/train.py", "performance-rnn-torch"],
    ["python scripts/train.py --config small.yaml", "harmonyrl"],
    ["./scripts/train.py --num_epochs 3", "performance-rnn-torch"],
    ["performance-rnn-train -e 3", "performance-rnn-torch"],
    ["performance_rnn_train --sequence_example_file=x", "performance-rnn"],
    ["python -u scripts/infer.py", "harmonyrl"],
  ])("%s", async (line, system) => {
    expect((await resolved(line)).system).toBe(system);
  });

  it("--system decides where two share a line", async () => {
    const { system } = await resolved("python train.py", { system: "performance-rnn-torch" });
    expect(system).toBe("performance-rnn-torch");
  });
});

describe("words that mean something else elsewhere", () => {
  const optionsOf = async (line: string | readonly string[]) => {
    const { native } = await resolved(line);
    return native.at(-1)?.options;
  };

  it("-l is a learning rate, a length, or a list", async () => {
    expect(await optionsOf("python scripts/train.py -l 0.01")).toMatchObject({ learningRate: 0.01 });
    expect(await optionsOf("python scripts/generate.py -l 50")).toMatchObject({ events: 50 });
    expect(await optionsOf("python scripts/prepare_data.py -l")).toMatchObject({ list: true });
  });

  it("-S with a path is a session, without one a switch", async () => {
    expect(await optionsOf("python scripts/generate.py -S models/a.sess")).toMatchObject({
      model: "models/a.sess",
    });
    const beams = await resolved("python scripts/generate.py -S -B 4 -s models/b.sess");
    expect(beams.native[0].options).toMatchObject({ model: "models/b.sess", beamSize: 4, branchFactor: 4 });
    expect(beams.remarks).toEqual([]);
    expect(
      await optionsOf("python train.py -w 100 -S 20 -d x -s save/m.sess -p hidden_dim=1024"),
    ).toMatchObject({
      window: 100,
      epochs: 12,
      out: "runs/m",
      set: ["model.config.hiddenSize=1024"],
    });
  });

  it("--output is a folder, or a file", async () => {
    const folder = await resolved("python scripts/generate.py --output here -n 2");
    expect(folder.native[0]).toMatchObject({
      options: { output: "here", samples: 2 },
      names: ["here/train_001.mid", "here/train_002.mid"],
    });
    expect(await optionsOf("python generate.py --output here")).toMatchObject({ output: "here.mid" });
  });

  it("--seed is notes to begin with, and -T a transposition or a temperature", async () => {
    expect(await optionsOf(["python", "generate.py", "--seed", "60,62,64"])).toMatchObject({
      seedNotes: "60,62,64",
      notes: 500,
      additional: true,
      seed: "7",
    });
    expect(await optionsOf("python scripts/generate.py -T 1.2")).toMatchObject({ temperature: 1.2 });
    const { set } = (await optionsOf("python scripts/train.py -T")) ?? {};
    expect(set).toContain("training.augmentation.lowestTransposition=-6");
  });

  it("a control is weights and a class of density, or music to follow", async () => {
    expect(await optionsOf("python scripts/generate.py -c 2,0,1,1,0,1,0,1,1,0,0,1;4")).toMatchObject({
      pitchClassHistogram: "2,0,1,1,0,1,0,1,1,0,0,1",
      density: "7",
    });
    expect(await optionsOf("python scripts/generate.py -c ;3")).toMatchObject({
      pitchClassHistogram: "1,1,1,1,1,1,1,1,1,1,1,1",
      density: "5.5",
    });
    const like = { like: "data/midi/bach/c.mid" };
    expect(await optionsOf("python scripts/generate.py -c data/processed/bach/c-0.data")).toMatchObject(like);
    expect(await optionsOf("python scripts/generate.py -c data/processed/bach")).toMatchObject(like);
    const whole = await optionsOf("python scripts/generate.py -c song.mid -l 0");
    expect(whole).toMatchObject({ like: "song.mid", seconds: expect.any(Number) });
    expect(whole).not.toHaveProperty("events");
  });

  it("absl's switches are also --no… and =false, and its lists Python's", async () => {
    const base = "performance_rnn_train --sequence_example_file=/tmp/examples/eval_performances.tfrecord";
    const workflows = await Promise.all(
      ["--eval", "-eval", "--eval=true", "--noeval", "--eval=false"].map(
        async (flag) => (await resolved(`${base} ${flag}`)).native[0].workflow,
      ),
    );
    expect(workflows).toEqual(["evaluate", "evaluate", "evaluate", "train", "train"]);
    const line = [
      "performance_rnn_generate",
      "--run_dir=/tmp/run1",
      "--num_outputs=10",
      "--pitch_class_histogram=[[2, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]",
      "--disable_conditioning=[False, True]",
      "--primer_melody=[60,62,64]",
      "--primer_midi=song.mid",
    ];
    const { native, remarks } = await resolved(line);
    expect(native[0].options).toMatchObject({
      model: "/tmp/run1/train",
      pitchClassHistogram: "2,0,1,0,1,1,0,1,0,1,0,1;1,1,1,1,1,1,1,1,1,1,1,1",
      disableControls: "false,true",
      primerMelody: "[60,62,64]",
      seconds: 30,
      temperature: 1,
    });
    expect(native[0].options).not.toHaveProperty("primer");
    expect(native[0].names?.[0]).toBe("/tmp/performance_rnn/generated/2026-03-01_142530_01.mid");
    expect(remarks).toEqual([expect.stringContaining("--primer_midi is left out")]);
  });
});

describe("what is told", () => {
  const magenta = "performance_rnn_generate --run_dir=/tmp/run1";
  const torch = "python scripts/generate.py";
  it.each([
    [`${magenta} --notes_per_second=8`, 1],
    [`${magenta} --pitch_class_histogram=[1,0,1,0,1,1,0,1,0,1,0,1]`, 1],
    [`${torch} -c ;3`, 1],
    [`${torch} -c song.mid`, 1],
    [magenta, undefined],
    [torch, undefined],
  ])("in %s holds as it was learnt, where ours holds twice as much", async (line, strength) => {
    const { controlStrength } = (await resolved(line)).native[0].options;
    expect(controlStrength).toBe(strength);
  });
});

describe("the variables of performance_rnn_torch", () => {
  const base = { maestroDir: "data/maestro-v3.0.0" };
  it.each([
    ["DATA", "scripts/preprocess.py", "else/midi"],
    ["MIDI", "scripts/preprocess.py", "else"],
    ["PROCESSED", "scripts/train.py", "else/corpus"],
    ["MODELS", "scripts/train.py", "else/train.sess"],
    ["LOGS", "scripts/train.py", "else/model_info_20260301_142530.log"],
    ["RUNS", "scripts/train.py", "else/train"],
    ["OUTPUT", "scripts/generate.py", "else/train_001.mid"],
    ["MAESTRO", "scripts/prepare_data.py --list", "else"],
  ])("PERFORMANCE_RNN_%s_DIR reaches %s", async (name, line, path) => {
    const store = memoryStore({
      ...files,
      "else/maestro-v3.0.0.csv": files[`${base.maestroDir}/maestro-v3.0.0.csv`],
    });
    const environment = { [`PERFORMANCE_RNN_${name}_DIR`]: "else/" };
    const outside = await resolved(`python ${line}`, { store, environment });
    const plain = await resolved(`python ${line}`, { store });
    const before = await resolved(`PERFORMANCE_RNN_${name}_DIR=else/ python ${line}`, { store });
    const has = (meaning: unknown) => JSON.stringify(meaning).includes(JSON.stringify(path));
    expect([outside, before, plain].map(has)).toEqual([true, true, false]);
  });
});

describe("HarmonyRL's YAML", () => {
  const withYaml = (yaml: string, line = "python scripts/train_supervised.py --config mine.yaml") =>
    resolved(line, { store: memoryStore({ ...files, "mine.yaml": yaml }) });

  it("sets what it says", async () => {
    const { native, pointers } = await withYaml(
      "seed: 5\ndata: { root: songs, max_seq_len: 64, train_ratio: 0.8 }\nmodel: { embed_dim: 16, hidden: 32, layers: 1, dropout: 0.1 }\n" +
        "train: { batch_size: 2, lr: 1e-3, epochs: 2, clip_grad_norm: 0.5, ckpt_dir: here }\n",
    );
    expect(native.map(({ options }) => options)).toMatchObject([
      { source: "songs", split: 0.8, seed: 5 },
      {
        preset: "harmonyrl",
        seed: 5,
        window: 64,
        batchSize: 2,
        learningRate: 1e-3,
        epochs: 2,
        set: [
          "model.config.embedding=16",
          "model.config.hiddenSize=32",
          "model.config.layers=1",
          "model.config.dropout=0.1",
          "training.clipNorm=0.5",
        ],
      },
    ]);
    expect(pointers[0].path).toBe("here/best_model.pt");
  });

  it.each([
    [
      "model: { hiden: 32 }",
      'found `model.hiden`, expected one of embed_dim, hidden, layers, dropout; did you mean "hidden"?',
    ],
    ["train: { lr: fast }", "`train.lr`"],
    ["model: [", "expected YAML"],
    ["surprise: 1", "found `surprise`"],
  ])("%s is refused in one sentence", async (yaml, sentence) => {
    const { message } = await refusalOf(withYaml(yaml), UserError);
    expect(message).toContain(sentence);
    expect(message).toMatch(/^mine\.yaml/);
    expect(message).not.toContain("\n");
  });

  it("of reinforcement learning is read, and comes later", async () => {
    const { later } = await withYaml("rl: { episodes: 3 }", "python scripts/train_rl.py --config mine.yaml");
    expect(later).toMatch(/3 episodes .* comes later/);
    await refusalOf(
      withYaml("rl: { episode: 3 }", "python scripts/train_rl.py --config mine.yaml"),
      UserError,
    );
  });
});

describe("what does not fit is refused in one sentence", () => {
  it.each([
    ["python scripts/train.py --epoch 5", "--epoch"],
    ["python scripts/train.py --num-epochs", "nothing after it"],
    ["python scripts/train.py --num-epochs many", 'found "many"'],
    ["python scripts/train.py -M hidden=3", "hidden_dim"],
    ["python scripts/train.py -c 2", "a share from 0 to 1"],
    ["python scripts/train.py --enable-logging=false", "--enable-logging=false"],
    ["python scripts/trane.py", 'did you mean "scripts/train.py"'],
    ["python scripts/preprocess.py --num_workers 0", "-1 for all cores"],
    ["python scripts/prepare_data.py", "--composer"],
    ["python scripts/prepare_data.py -c Chopin", "no composer like"],
    ["python scripts/prepare_data.py -m nowhere -l", "maestro-v3.0.0.csv"],
    ["python scripts/generate.py -c 1,2;3", "twelve weights"],
    ["python scripts/generate.py -c ;12", "0 to 11"],
    ["python scripts/generate.py -c nothing.data", "nothing.data"],
    ["python scripts/generate.py -l 0", "0 together with music"],
    ["python generate.py --vocab other.pkl", "files of one training"],
    ["performance_rnn_train", "--sequence_example_file"],
    ["performance_rnn_train --sequence_example_file=x --config=performance_dynamics", "did you mean"],
    ["performance_rnn_train --sequence_example_file=x --hparams=layers=3", "rnn_layer_sizes"],
    ["performance_rnn_train --sequence_example_file=x --hparams=rnn_layer_sizes=[3,4]", "of one size"],
    ["performance_rnn_generate", "--run_dir"],
    ["performance_rnn_generate --run_dir=/tmp/run1 --config=performance", "expected the same"],
    ["performance_rnn_generate --run_dir=/tmp/run1 --pitch_class_histogram=[1,2]", "twelve weights"],
    ["performance_rnn_generate --run_dir=/tmp/run1 --notes_per_second=-3", "from 0 on"],
    ["convert_dir_to_note_sequences --input_dir=data --output_file=x", "--recursive"],
    ["musical-ai-generate --tempo 9", "from 0.1 to 2"],
    ["jupyter notebook", "the command jupyter"],
  ])("%s", async (line, sentence) => {
    const { message } = await refusalOf(resolved(line), UserError);
    expect(message).toContain(sentence);
    expect(message).not.toContain("\n");
  });

  it("and so is a system that there is not", async () => {
    const { message } = await refusalOf(resolved("python train.py", { system: "magenta" }), UserError);
    expect(message).toContain("performance-rnn");
  });
});
