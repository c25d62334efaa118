/**
 * @file The quick start of each README, line by line, from data to a MIDI file with sound in it. Lines are as printed; what is
 * trained is made small by `--set`, which stands before them.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { type Resolved, resolve, runCompat } from "../src/workflows/compat/index.ts";

const corpus = fileURLToPath(new URL("../examples/corpus/midi", import.meta.url));
const home = process.cwd();
const platform = nodePlatform({ cores: 1 });
let folder = "";

/** Four pieces in two interpretations each. */
const pieces = [
  "bach/invention-1",
  "satie/gymnopedie-1",
  "bach/cello-prelude",
  "beethoven/ode-to-joy",
].flatMap((piece) => [1, 2].map((take) => `${piece}-take${take}.mid`));

function putPieces(to: string): readonly string[] {
  mkdirSync(to, { recursive: true });
  return pieces.map((piece) => {
    const name = piece.slice(piece.indexOf("/") + 1);
    copyFileSync(join(corpus, piece), join(to, name));
    return name;
  });
}

/** As a shell does it: quotes hold words together. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/["']/g, ""));
}

const small = [
  "model.config.layers=1",
  "model.config.hiddenSize=16",
  "training.batchSize=2",
  "training.window=32",
  "training.steps=4",
];

interface Done {
  readonly resolved: Resolved;
  readonly results: Awaited<ReturnType<typeof runCompat>>;
}

/** Does what a line says, here. */
async function type(
  line: string,
  { set = small, signal }: { set?: readonly string[]; signal?: AbortSignal } = {},
): Promise<Done> {
  const resolved = await resolve(wordsOf(line), {
    store: platform.store,
    environment: {},
    seed: "5",
    isSeedChosen: true,
    set,
    now: Date.UTC(2026, 2, 1, 14, 25, 30),
  });
  if (resolved.later !== undefined) return { resolved, results: [] };
  const command = `rubato compat ${line}`;
  return { resolved, results: await runCompat(platform, resolved, { command, ...(signal && { signal }) }) };
}

/** Notes that can be heard. */
function notesIn(path: string): number {
  const { performance } = readPerformance(readFileSync(path));
  const { notes } = performance;
  return Array.from(notes.velocity).filter((velocity, i) => velocity > 0 && notes.end[i] > notes.start[i])
    .length;
}

const pointsTo = (path: string) => JSON.parse(readFileSync(path, "utf8")).leadsTo;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rubato-compat-"));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

function at(name: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  process.chdir(join(folder, name));
}

describe("the quick start of", () => {
  it("performance_rnn_torch", async () => {
    at("torch");
    const names = putPieces("data/maestro-v3.0.0/2004");
    const rows = names.map((name) => `Claude Debussy,${name},train,2004,2004/${name},x.wav,30`);
    const header = "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration";
    writeFileSync("data/maestro-v3.0.0/maestro-v3.0.0.csv", [header, ...rows].join("\n"));

    const listed = await type("python scripts/prepare_data.py --list");
    expect(listed.results).toMatchObject([
      { kind: "composers", value: [{ composer: "Claude Debussy", pieces: names.length }] },
    ]);
    await type('python scripts/prepare_data.py --composer "Claude Debussy"');
    expect(readdirSync("data/midi/claude_debussy").sort()).toEqual([...names].sort());
    await type("python scripts/preprocess.py --num_workers -1");
    const data = readdirSync("data/processed/claude_debussy");
    expect(data.filter((name) => /^ode-to-joy-take1-[0-9a-f]+\.data$/.test(name))).toHaveLength(1);
    const searched = await type("python scripts/optimization_routine.py --n-trials 20");
    expect(searched.resolved.later).toMatch(/20 trials comes later/);

    await type("python scripts/train.py --session models/optimization.sess --num-epochs 50");
    expect(pointsTo("models/optimization.sess")).toBe("runs/optimization");
    await type("python scripts/generate.py --session models/optimization.sess --num-samples 3");
    const made = readdirSync("output").sort();
    expect(made).toEqual([1, 2, 3].map((number) => `optimization_00${number}.mid`));
    for (const name of made) expect(notesIn(`output/${name}`)).toBeGreaterThan(5);

    // Without tuning; and by processed music as control.
    await type("python scripts/train.py --num-epochs 50");
    await type("python scripts/generate.py");
    expect(notesIn("output/train_001.mid")).toBeGreaterThan(5);
    await type(`python scripts/generate.py -l 60 -c data/processed/claude_debussy/${data[0]}`);
    expect(notesIn("output/train_002.mid")).toBeGreaterThan(2);
    const curves = await type("tensorboard --logdir runs/");
    expect(curves.results).toMatchObject([{ kind: "runs", value: { runs: [{}, {}] } }]);
    expect(readdirSync("logs")).toEqual(["model_info_20260301_142530.log"]);
    // The same session once more: its weights are kept.
    await type("python scripts/train.py");
    expect(readFileSync("runs/train-2/config.yaml", "utf8")).toContain("from: runs/train");
    expect(pointsTo("models/train.sess")).toBe("runs/train-2");
  });

  it("RNN Music Generation with PyTorch", async () => {
    at("music-rnn");
    putPieces("midi_files");
    await type("python train.py");
    expect([pointsTo("music_rnn_model.pth"), pointsTo("vocabulary.pkl")]).toEqual([
      "runs/music-rnn",
      "runs/music-rnn",
    ]);
    await type("python generate.py");
    expect(notesIn("generated_music.mid")).toBe(500);
    await type("python generate.py --length 1000 --temperature 0.8 --output my_song.mid");
    expect(notesIn("my_song.mid")).toBe(1000);
    await type('python generate.py --seed "60,62,64" --length 500 --output seeded.mid');
    const { notes } = readPerformance(readFileSync("seeded.mid")).performance;
    expect(Array.from(notes.pitch).slice(0, 3)).toEqual([60, 62, 64]);
    expect(notesIn("seeded.mid")).toBe(503);
    // As fast as was asked: half as many quarters a minute, twice as long.
    await type("python generate.py --length 50 --output usual.mid");
    await type("python generate.py --length 50 --bpm 60 --output slow.mid");
    const [usual, slow] = ["usual.mid", "slow.mid"].map(
      (path) => readPerformance(readFileSync(path)).performance.duration,
    );
    expect(slow / usual).toBeCloseTo(2, 2);
  });

  it("Magenta's Performance RNN", async () => {
    at("magenta");
    putPieces("songs/more");
    writeFileSync("songs/broken.mid", "no music");
    const converted = await type(
      "convert_dir_to_note_sequences --input_dir=songs --output_file=notesequences.tfrecord --recursive",
    );
    // What cannot be read is told, and does not stop the others.
    expect(converted.results.filter(({ kind }) => kind === "refusal")).toHaveLength(1);
    expect(
      JSON.parse(readFileSync("notesequences/more/ode-to-joy-take1.json", "utf8")).notes.length,
    ).toBeGreaterThan(20);
    await type(
      "performance_rnn_create_dataset --config=performance_with_dynamics --input=notesequences.tfrecord --output_dir=sequence_examples --eval_ratio=0.10",
    );
    // Trains until it is terminated, as the README says.
    const controller = new AbortController();
    const training = type(
      "performance_rnn_train --config=performance_with_dynamics --run_dir=logdir/run1 --sequence_example_file=sequence_examples/training_performances.tfrecord",
      { set: small.filter((pair) => !pair.startsWith("training.steps")), signal: controller.signal },
    );
    while (!existsSync("logdir/run1/train/checkpoints/best/config.json"))
      await new Promise((done) => setTimeout(done, 20));
    controller.abort();
    expect((await training).results).toMatchObject([{ kind: "training", value: { state: "interrupted" } }]);
    const evaluated = await type(
      "performance_rnn_train --run_dir=logdir/run1 --sequence_example_file=sequence_examples/eval_performances.tfrecord --eval",
    );
    expect(evaluated.results).toMatchObject([
      { kind: "evaluation", value: { corpus: { split: "validation" } } },
    ]);
    await type(
      'performance_rnn_generate --run_dir=logdir/run1 --output_dir=generated --num_outputs=10 --num_steps=3000 --primer_melody="[60,62,64,65,67,69,71,72]"',
    );
    const made = readdirSync("generated").sort();
    expect(made).toHaveLength(10);
    expect([made[0], made[9]]).toEqual(["2026-03-01_142530_01.mid", "2026-03-01_142530_10.mid"]);
    const { notes } = readPerformance(readFileSync(`generated/${made[0]}`)).performance;
    expect(Array.from(notes.pitch).slice(0, 8)).toEqual([60, 62, 64, 65, 67, 69, 71, 72]);
    expect(notesIn(`generated/${made[0]}`)).toBeGreaterThan(8);

    await type(
      "performance_rnn_generate --run_dir=logdir/run1 --bundle_file=performance_rnn.mag --save_generator_bundle",
    );
    // A bundle needs nothing of the run it came from.
    rmSync("logdir", { recursive: true });
    await type(
      "performance_rnn_generate --bundle_file=performance_rnn.mag --output_dir=by-bundle --num_outputs=1 --num_steps=500",
    );
    expect(notesIn(`by-bundle/${readdirSync("by-bundle")[0]}`)).toBeGreaterThan(0);
  });

  it("Musical AI, whose notebook has no lines", async () => {
    at("musical-ai");
    putPieces("songs");
    await type("musical-ai-train --dataset songs --num_files 4");
    expect(pointsTo("full_model.h5")).toBe("runs/musical-ai");
    await type("musical-ai-generate --sample songs/invention-1-take1.mid");
    const { notes } = readPerformance(readFileSync("output.midi")).performance;
    // The first 25 notes of the file, and 300 more.
    expect(Array.from(notes.pitch).slice(0, 4)).toEqual([60, 62, 64, 65]);
    expect(notesIn("output.midi")).toBe(325);
    expect(new Set(Array.from(notes.velocity))).toEqual(new Set([100]));
    await type(
      "musical-ai-generate --notes 50 --temperature 150 --tempo 0.5 --velocity 60 --output soft.mid",
    );
    const soft = readPerformance(readFileSync("soft.mid")).performance;
    expect(new Set(Array.from(soft.notes.velocity))).toEqual(new Set([60]));
    expect(soft.notes.count).toBe(50);
  });

  it("HarmonyRL", async () => {
    at("harmonyrl");
    putPieces("data/maestro");
    mkdirSync("configs");
    writeFileSync(
      "configs/supervised_config.yaml",
      "seed: 42\ndata: { root: data/maestro }\ntrain: { ckpt_dir: checkpoints }\n",
    );
    writeFileSync("configs/rl_config.yaml", "seed: 123\nrl: { episodes: 2000 }\n");
    await type("python scripts/train_supervised.py --config configs/supervised_config.yaml");
    expect(pointsTo("checkpoints/best_model.pt")).toBe("runs/harmonyrl");
    const refined = await type("python scripts/train_rl.py --config configs/rl_config.yaml");
    expect(refined.resolved.later).toContain("comes later");
    // Shorter than printed: half a minute of sound takes longer than all the rest.
    await type(
      "python scripts/infer.py --ckpt checkpoints/best_model.pt --output_dir outputs/ --max_new_tokens 40",
    );
    expect(notesIn("outputs/harmonyrl_0.mid")).toBeGreaterThan(2);
    expect(readFileSync("outputs/harmonyrl_0.wav").subarray(0, 4).toString()).toBe("RIFF");
    expect(readFileSync("outputs/harmonyrl_0.wav").readUInt32LE(24)).toBe(32_000);
  });
});
