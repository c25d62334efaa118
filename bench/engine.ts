/**
 * @file The engine beside its peer: training and generation, ours and PyTorch's in turn, on this machine and in this run.
 *
 *     npx tsx bench/engine.ts [--rounds 3] [--only training|generation|browser]
 *
 * Each process measures by itself and runs alone; a figure is the best of all rounds, which is what a machine shared with
 * others lets through; spread says how far the median lies below it.
 */
import { parseArgs } from "node:util";
import { measureBrowser } from "./engine/browser.ts";
import { findTorch, type Measured, measureOurs, measurePeak, type Torch } from "./engine/process.ts";
import { describeMachine } from "./machine.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, only: { type: "string" } },
});
const rounds = Number(values.rounds);

interface Row {
  readonly work: string;
  readonly aim: string;
  readonly ours: Figure;
  readonly peer?: Figure | undefined;
  /** Floating-point operations of a token, where the share of the machine's peak is asked for. */
  readonly flops?: number;
}

interface Figure {
  readonly best: number;
  readonly median: number;
  readonly megabytes?: number;
}

function figureOf(runs: readonly Measured[]): Figure {
  const speeds = runs
    .flatMap(({ tokens, times }) => times.map((time) => tokens / time))
    .sort((a, b) => a - b);
  return {
    best: speeds[speeds.length - 1],
    median: speeds[speeds.length >> 1],
    megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
  };
}

/** The best and the middle of what the peer's lines say. */
function figureFrom(lines: readonly string[], best: RegExp, median = best): Figure | undefined {
  const found = (pattern: RegExp) =>
    lines
      .flatMap((line) => pattern.exec(line)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  const [bests, medians] = [found(best), found(median)];
  return bests.length === 0
    ? undefined
    : { best: bests[bests.length - 1], median: medians[medians.length >> 1] };
}

/** Ours and the peer's in turn. */
async function alternate(
  ours: () => Promise<Measured>,
  peer?: () => Promise<string>,
): Promise<{ readonly runs: readonly Measured[]; readonly lines: readonly string[] }> {
  const runs: Measured[] = [];
  const lines: string[] = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(await ours());
    if (peer) lines.push(...(await peer()).split("\n"));
    process.stderr.write(".");
  }
  return { runs, lines };
}

const features = 512;
const vocabulary = 388;
/** Multiplications and additions of a training step, for each token: thrice those of the way forward. */
const recurrentFlops = (gates: number) => 6 * (5 * gates * features * features + features * vocabulary);
const transformerFlops = (window: number, hidden = 1344) =>
  6 * (6 * (4 * features * features + 3 * features * hidden) + features * vocabulary) +
  6 * 6 * window * features;

async function train(
  torch: Torch | undefined,
  options: {
    readonly work: string;
    readonly aim: string;
    readonly flops: number;
    readonly task: object;
    readonly peer: readonly (readonly string[])[];
  },
): Promise<Row> {
  const { runs, lines } = await alternate(
    () => measureOurs("train", { workers: 1, threads: 2, repeats: 3, ...options.task }),
    torch &&
      (async () => {
        const outputs = [];
        for (const [script, ...args] of options.peer) outputs.push(await torch.run(script, ...args));
        return outputs.join("\n");
      }),
  );
  return {
    ...options,
    ours: figureOf(runs),
    peer: figureFrom(lines, /tok\/s.*best=(\d+)/, /tok\/s med=(\d+)/),
  };
}

const rnn = "torch_rnn_training.py";
const attention = "torch_transformer_training.py";

async function trainings(torch: Torch | undefined): Promise<readonly Row[]> {
  const lstm = {
    work: "LSTM 3×512, batch 64 × 200: training",
    aim: "1.3 ×, 70 % of peak",
    flops: recurrentFlops(4),
  };
  const transformer = (window: number) => ({
    work: `Transformer 6×512, context ${window}: training`,
    aim: "1.2 ×, 70 % of peak",
    flops: transformerFlops(window),
  });
  return [
    await train(torch, {
      ...lstm,
      task: { model: "lstm", micro: 64, parts: 1, window: 200 },
      peer: [[rnn, "2", "3", "LSTM"]],
    }),
    await train(undefined, {
      ...lstm,
      work: "the same in two halves, a thread each",
      aim: "a try",
      task: { model: "lstm", micro: 32, parts: 2, window: 200, workers: 2, threads: 1 },
      peer: [],
    }),
    await train(torch, {
      work: "GRU 3×512, batch 64 × 200: training",
      aim: "1.2 ×",
      flops: recurrentFlops(3),
      task: { model: "gru", micro: 64, parts: 1, window: 200 },
      peer: [[rnn, "2", "3", "GRU"]],
    }),
    // The peer in the batches that suit it: its better figure counts.
    await train(torch, {
      ...transformer(512),
      task: { model: "transformer", micro: 8, parts: 1, window: 512 },
      peer: [
        [attention, "2", "3", "2", "512"],
        [attention, "2", "3", "8", "512"],
      ],
    }),
    // The peer's script neither clips nor updates: here ours does not either.
    await train(torch, {
      ...transformer(512),
      work: "the same, forward and backward alone",
      task: { model: "transformer", micro: 8, parts: 1, window: 512, update: false },
      peer: [
        [attention, "2", "3", "2", "512"],
        [attention, "2", "3", "8", "512"],
      ],
    }),
    await train(torch, {
      ...transformer(2048),
      task: { model: "transformer", micro: 1, parts: 4, window: 2048 },
      peer: [[attention, "2", "3", "1", "2048"]],
    }),
  ];
}

async function generations(torch: Torch | undefined): Promise<readonly Row[]> {
  const lines: string[] = [];
  const generate = async (work: string, aim: string, task: object, peer: RegExp): Promise<Row> => {
    const { runs } = await alternate(() => measureOurs("generate", { threads: 2, repeats: 4, ...task }));
    if (torch) lines.push(...(await torch.run("torch_generation.py", "2")).split("\n"));
    return {
      work,
      aim,
      ours: figureOf(runs),
      get peer() {
        return figureFrom(lines, peer);
      },
    };
  };
  const lstm = /LSTM gen th=2 B=1:.*best (\d+)/;
  const lstm16 = /LSTM gen th=2 B=16:.*best (\d+)/;
  const cached = /tfm KV gen th=2 B=1: best (\d+)/;
  const one = { model: "lstm", batch: 1 };
  const attentive = { model: "transformer", batch: 1, stepsPerCall: 1 };
  return [
    await generate(
      "LSTM, batch 1, float32, 8 steps a call",
      "4 ×",
      { ...one, precision: "float32", stepsPerCall: 8 },
      lstm,
    ),
    await generate(
      "LSTM, batch 1, float32, a call a token",
      "a try",
      { ...one, precision: "float32", stepsPerCall: 1 },
      lstm,
    ),
    await generate(
      "LSTM, batch 1, int8, 8 steps a call",
      "8 ×",
      { ...one, precision: "int8", stepsPerCall: 8 },
      lstm,
    ),
    await generate(
      "LSTM, batch 1, int8, a call a token",
      "a try",
      { ...one, precision: "int8", stepsPerCall: 1 },
      lstm,
    ),
    await generate(
      "LSTM, batch 16, int8",
      "2.5 ×",
      { model: "lstm", batch: 16, precision: "int8", stepsPerCall: 1 },
      lstm16,
    ),
    await generate("Transformer, batch 1, float32", "2.5 ×", { ...attentive, precision: "float32" }, cached),
    await generate("Transformer, batch 1, int8", "4 ×", { ...attentive, precision: "int8" }, cached),
  ];
}

const number = (value: number) => Math.round(value).toLocaleString("en");

function line({ work, aim, ours, peer, flops }: Row, peak: number | undefined): string {
  const ratio = peer === undefined ? "–" : `${(ours.best / peer.best).toFixed(2)} ×`;
  const gflops = flops === undefined ? undefined : (ours.best * flops) / 1e9;
  const share =
    gflops === undefined ? "" : `${number(gflops)}${peak ? ` (${Math.round((100 * gflops) / peak)} %)` : ""}`;
  const spread = `−${Math.round(100 * (1 - ours.median / ours.best))} %`;
  const cells = [
    work,
    number(ours.best),
    spread,
    peer ? number(peer.best) : "–",
    ratio,
    aim,
    share,
    number(ours.megabytes ?? 0),
  ];
  return `| ${cells.join(" | ")} |`;
}

const torch = await findTorch();
const peak = await measurePeak();
console.log(`${describeMachine()}\n`);
console.log(`Peer: ${torch?.description ?? "absent"}.`);
console.log(
  `Peak of the probe (256-bit FMA, 2 threads): ${peak === undefined ? "absent" : `${number(peak)} GFLOP/s`}.\n`,
);
console.log(
  "| work, 2 threads | tokens/s | median | PyTorch | ratio | aim | GFLOP/s (share of the probe) | MB |",
);
console.log("|---|--:|--:|--:|--:|---|--:|--:|");
const asked = (part: string) => values.only === undefined || values.only === part;
const rows = [
  ...(asked("training") ? await trainings(torch) : []),
  ...(asked("generation") ? await generations(torch) : []),
];
for (const row of rows) console.log(line(row, peak));
for (const { threads, stepsPerCall, tokensPerSecond } of (asked("browser") && (await measureBrowser())) ||
  []) {
  const work = `LSTM in Chromium, wasm, batch 1, ${threads} thread${threads > 1 ? "s" : ""}, ${stepsPerCall} step${stepsPerCall > 1 ? "s" : ""} a call`;
  console.log(`| ${work} | ${number(tokensPerSecond)} | | – | – | 1,000 tokens/s | | |`);
}
