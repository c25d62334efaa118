/**
 * @file The two-sample classifier: a small network that reads notes in both directions learns to tell real music from made, and
 * is asked about pieces that it has not seen (Lopez-Paz and Oquab 2017). An accuracy of one half says that it cannot.
 */
import { build } from "../graph/build.ts";
import { concat, reduceMean, zeros } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import type { Performance } from "../music/index.ts";
import { crossEntropy, Gru, initialise, Linear, ParameterScope, weightedMean } from "../nn/index.ts";
import { openOptimiser } from "../optim/index.ts";
import { parameterFeeds } from "../runtime/feeds.ts";
import type { NamedTensors, Runtime } from "../runtime/session.ts";
import { beginTraining, openGradients, trainStep } from "../training/index.ts";
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { createRandom, type Random, shuffled } from "../util/random.ts";

const hiddenSize = 32;
const rows = 32;
/** Of learning, of each half: few pieces are gone over more often. */
const steps = 200;
const learningRate = 4e-3;

/** Of each note: interval and time from the note before, how long it lasts, its pitch, and how hard it is struck. */
const features = 5;

/** Excerpts of one piece stand on one side of every division, so that pieces cannot be learnt by heart. */
export interface Example {
  readonly excerpt: Performance;
  /** Index of the piece, among all of its set. */
  readonly piece: number;
}

export interface Telling {
  /** Share of the windows that were told right, in halves that were not learnt from; both sets count the same. */
  readonly accuracy: number;
  /** Of each window, in order of the examples, real ones first: its piece, and whether it was told right. */
  readonly windows: readonly {
    readonly isReal: boolean;
    readonly piece: number;
    readonly isRight: boolean;
  }[];
}

interface Window {
  readonly isReal: boolean;
  readonly piece: number;
  readonly notes: Float32Array;
}

export interface TellingOptions {
  readonly seed: number | string;
  /** Notes that it reads at a time; 128 unless given. */
  readonly windowNotes?: number;
  /** Is told how many steps of how many are done. */
  readonly report?: (done: number, total: number) => void;
}

/**
 * Learns from half of the pieces of each set and is asked about the other half, and the other way round.
 *
 * @param real at least two pieces with a window of notes each, as of `made`
 */
export async function tellApart(
  runtime: Runtime,
  real: readonly Example[],
  made: readonly Example[],
  { seed, windowNotes = 128, report = () => undefined }: TellingOptions,
): Promise<Telling> {
  const windows = [
    ...real.flatMap((example) => windowsOf(example, true, windowNotes)),
    ...made.flatMap((example) => windowsOf(example, false, windowNotes)),
  ];
  const random = createRandom(seed).fork("classifier");
  const halves = halvesOf(windows, random);
  const right = new Map<Window, boolean>();
  let done = 0;
  for (const [i, learnt] of halves.entries()) {
    const asked = halves[1 - i];
    const scale = scaleOf(learnt);
    const parameters = await learn(runtime, learnt, scale, random.fork(`half ${i}`), () =>
      report(++done, 2 * steps),
    );
    for (const [window, isRight] of await ask(runtime, asked, scale, parameters)) right.set(window, isRight);
  }
  const told = windows.map((window) => {
    const { isReal, piece } = window;
    const isRight = right.get(window);
    invariant(isRight !== undefined, "every window is asked about once");
    return { isReal, piece, isRight };
  });
  const share = (isReal: boolean) => {
    const own = told.filter((each) => each.isReal === isReal);
    return own.filter(({ isRight }) => isRight).length / own.length;
  };
  return { accuracy: (share(true) + share(false)) / 2, windows: told };
}

function windowsOf({ excerpt, piece }: Example, isReal: boolean, windowNotes: number): readonly Window[] {
  const { start, end, pitch, velocity, count } = excerpt.notes;
  return Array.from({ length: Math.floor((count - 1) / windowNotes) }, (_, w) => {
    const notes = new Float32Array(windowNotes * features);
    for (let i = 0; i < windowNotes; i++) {
      // The first note of an excerpt has none before it.
      const note = 1 + w * windowNotes + i;
      notes.set(
        [
          pitch[note] - pitch[note - 1],
          Math.log(0.005 + start[note] - start[note - 1]),
          Math.log(0.02 + end[note] - start[note]),
          pitch[note],
          velocity[note],
        ],
        i * features,
      );
    }
    return { isReal, piece, notes };
  });
}

/** Half of the pieces of either set on each side. */
function halvesOf(
  windows: readonly Window[],
  random: Random,
): readonly [readonly Window[], readonly Window[]] {
  const first = new Set<string>();
  const key = ({ isReal, piece }: Window) => `${isReal} ${piece}`;
  for (const isReal of [true, false]) {
    const own = [...new Set(windows.filter((each) => each.isReal === isReal).map(key))];
    invariant(own.length >= 2, "each set has two pieces at least");
    for (const each of shuffled(own, random.fork(`pieces ${isReal}`)).slice(0, own.length >> 1))
      first.add(each);
  }
  return [windows.filter((each) => first.has(key(each))), windows.filter((each) => !first.has(key(each)))];
}

/** Notes of each window: all have as many. */
const sizeOf = ([{ notes }]: readonly Window[]) => notes.length / features;

interface Scale {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

function scaleOf(windows: readonly Window[]): Scale {
  const mean = new Float32Array(features);
  const squares = new Float32Array(features);
  const count = windows.reduce((sum, { notes }) => sum + notes.length / features, 0);
  for (const { notes } of windows) {
    for (let i = 0; i < notes.length; i++) {
      mean[i % features] += notes[i] / count;
      squares[i % features] += notes[i] ** 2 / count;
    }
  }
  return { mean, deviation: squares.map((square, i) => Math.sqrt(Math.max(1e-6, square - mean[i] ** 2))) };
}

interface Network {
  /** `[rows, 2]` */
  readonly logits: Tensor;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly begin: (seed: string) => Parameters;
}

/** Both directions of a gated recurrent layer, their outputs in the mean over time, and two logits. */
function network(windowNotes: number): Network {
  const scope = ParameterScope.root();
  const size = { features, hiddenSize };
  const begin = zeros({ type: "float32", shape: [rows, hiddenSize] });
  const pooled = ["forward", "backward"].map((direction) => {
    const layer = new Gru(scope.child(direction), size);
    const notes = input(direction, "float32", [windowNotes, rows, features]);
    return reduceMean(layer.forward({ features: notes }, begin).outputs, 0); // [B, H]
  });
  const output = new Linear(scope.child("output"), { inFeatures: 2 * hiddenSize, outFeatures: 2 });
  return {
    logits: output.forward(concat(pooled, 1)),
    tensors: scope.tensors(),
    begin: (seed) => initialise(scope.specs(), seed),
  };
}

async function learn(
  runtime: Runtime,
  windows: readonly Window[],
  scale: Scale,
  random: Random,
  stepped: () => void,
): Promise<Parameters> {
  const { logits, tensors, begin } = network(sizeOf(windows));
  const losses = crossEntropy(logits, input("targets", "int32", [rows]));
  const loss = weightedMean(losses, input("weights", "float32", [rows]));
  const gradients = await openGradients(runtime, loss, tensors);
  const optimiser = openOptimiser("adamw", { weightDecay: 0.05 });
  // However many there are of each, both sets weigh the same.
  const shareReal = windows.filter(({ isReal }) => isReal).length / windows.length;
  const weightOf = ({ isReal }: Window) => 0.5 / (isReal ? shareReal : 1 - shareReal);
  let state = beginTraining(begin(String(random.integer(2 ** 31))), optimiser);
  try {
    let order: readonly Window[] = [];
    for (let at = 0; at < steps; at++) {
      if (order.length === 0) order = shuffled(windows, random.fork(`from ${at}`));
      const batch = order.slice(0, rows);
      order = order.slice(rows);
      const weights = Float32Array.from({ length: rows }, (_, row) =>
        row < batch.length ? weightOf(batch[row]) : 0,
      );
      const targets = Int32Array.from({ length: rows }, (_, row) => Number(batch.at(row)?.isReal ?? false));
      const feeds: NamedTensors = {
        ...notesFeeds(batch, scale),
        targets: { type: "int32", shape: [rows], data: targets },
        weights: { type: "float32", shape: [rows], data: weights },
      };
      const weight = weights.reduce((sum, each) => sum + each, 0);
      const step = await trainStep(gradients, optimiser, state, [{ feeds, weight }], {
        learningRate: learningRate * (1 - at / steps),
        clipNorm: 1,
      });
      state = step.state;
      stepped();
    }
    return state.parameters;
  } finally {
    await gradients.dispose();
  }
}

async function ask(
  runtime: Runtime,
  windows: readonly Window[],
  scale: Scale,
  parameters: Parameters,
): Promise<ReadonlyMap<Window, boolean>> {
  const { logits } = network(sizeOf(windows));
  const session = await runtime.open(build({ outputs: { logits } }));
  const right = new Map<Window, boolean>();
  try {
    const given = parameterFeeds(parameters);
    for (let from = 0; from < windows.length; from += rows) {
      const batch = windows.slice(from, from + rows);
      const { logits: found } = await session.run({ ...given, ...notesFeeds(batch, scale) });
      invariant(found.type === "float32", "logits are float32");
      for (const [row, window] of batch.entries()) {
        right.set(window, found.data[2 * row + 1] > found.data[2 * row] === window.isReal);
      }
    }
    return right;
  } finally {
    await session.dispose();
  }
}

/** Notes of the windows, time first, from front to back and from back to front; rows without a window are zeros. */
function notesFeeds(batch: readonly Window[], { mean, deviation }: Scale): NamedTensors {
  const windowNotes = sizeOf(batch);
  const shape = [windowNotes, rows, features];
  const there = new Float32Array(windowNotes * rows * features);
  const back = new Float32Array(windowNotes * rows * features);
  for (const [row, { notes }] of batch.entries()) {
    for (let i = 0; i < windowNotes; i++) {
      for (let f = 0; f < features; f++) {
        const value = (notes[i * features + f] - mean[f]) / deviation[f];
        there[(i * rows + row) * features + f] = value;
        back[((windowNotes - 1 - i) * rows + row) * features + f] = value;
      }
    }
  }
  return {
    forward: { type: "float32", shape, data: there },
    backward: { type: "float32", shape, data: back },
  };
}
