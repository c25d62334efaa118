/**
 * @file Graphs drawn from a seed: loops in loops, forwards and backwards, with captures, gradients of their own, states of
 * whole numbers, gradients taken within a step. Whoever derives and builds graphs has to bring them through.
 */
import { customGradient } from "../../src/graph/custom-gradient.ts";
import { gradient } from "../../src/graph/gradient.ts";
import {
  add,
  concat,
  cumulativeSum,
  gather,
  gemm,
  greater,
  layerNormalization,
  matmul,
  mul,
  neg,
  not,
  pad,
  reduceMean,
  reduceSum,
  reshape,
  scan,
  sigmoid,
  slice,
  softmax,
  split,
  sub,
  tanh,
  transpose,
  where,
} from "../../src/graph/operators/index.ts";
import { ShapeError } from "../../src/graph/shape.ts";
import { constant, input, type Tensor } from "../../src/graph/tensor.ts";
import { createRandom, type Random } from "../../src/util/random.ts";

export interface RandomGraph {
  /** A scalar. */
  readonly loss: Tensor;
  /** Float inputs, of which the loss depends on some. */
  readonly floats: readonly Tensor[];
  readonly wholes: readonly Tensor[];
}

/** What a piece of graph may be made of: matrices `[2, 3]`, vectors `[3]`, classes below 3 `[2]`. */
interface Scope {
  readonly matrices: Tensor[];
  readonly vectors: Tensor[];
  readonly classes: Tensor[];
  /** How many loops stand around. */
  readonly depth: number;
}

interface Inputs {
  /** `[3, 3]` */
  readonly weight: Tensor;
  /** `[3, 3]` */
  readonly table: Tensor;
  /** `[steps, 2, 3]` */
  readonly sequences: readonly Tensor[];
  /** `[steps, 2]` */
  readonly classes: Tensor;
}

type Draw = <Item>(list: readonly Item[]) => Item;

/** @param steps of the loops; 0 is a number too */
export function drawGraph(seed: number, steps: number, pieces = 6): RandomGraph {
  const random = createRandom(seed);
  const draw: Draw = (list) => list[random.integer(list.length)];
  const floats = {
    x: input("x", "float32", [2, 3]),
    y: input("y", "float32", [2, 3]),
    scale: input("scale", "float32", [3]),
    weight: input("weight", "float32", [3, 3]),
    table: input("table", "float32", [3, 3]),
    first: input("first", "float32", [steps, 2, 3]),
    second: input("second", "float32", [steps, 2, 3]),
  };
  const wholes = { row: input("row", "int32", [2]), rows: input("rows", "int32", [steps, 2]) };
  const inputs: Inputs = {
    weight: floats.weight,
    table: floats.table,
    sequences: [floats.first, floats.second, mul(floats.first, 1.5)],
    classes: wholes.rows,
  };
  const scope: Scope = {
    matrices: [floats.x, floats.y],
    vectors: [floats.scale],
    classes: [wholes.row],
    depth: 0,
  };
  for (let i = 0; i < pieces; i++) addPiece(scope, inputs, random, draw);
  const losses = scope.matrices.slice(-4).map((each, i) => reduceSum(mul(each, i % 2 === 0 ? each : 0.7)));
  const loss = [...losses, ...scope.vectors.map((each) => reduceSum(mul(each, 0.3)))].reduce((sum, each) =>
    add(sum, each),
  );
  return { loss, floats: Object.values(floats), wholes: Object.values(wholes) };
}

function addPiece(scope: Scope, inputs: Inputs, random: Random, draw: Draw): void {
  const matrix = () => draw(scope.matrices);
  const vector = () => draw(scope.vectors);
  const kinds: readonly (() => void)[] = [
    () => scope.matrices.push(tanh(add(matrix(), matrix()))),
    () => scope.matrices.push(mul(matrix(), sigmoid(matrix()))),
    () => scope.matrices.push(tanh(gemm(matrix(), inputs.weight, vector()))),
    () => scope.matrices.push(tanh(matmul(matrix(), inputs.weight, { transposeB: true }))),
    () => scope.matrices.push(mul(matrix(), vector())),
    () => scope.matrices.push(tanh(gather(inputs.table, draw(scope.classes)))),
    () => scope.matrices.push(slice(split(concat([matrix(), matrix()], 1), [1, 5], 1)[1], -1, 1, 4)),
    () => scope.matrices.push(ownGradient(matrix(), draw)),
    () => scope.matrices.push(softmax(matrix(), draw([0, 1]))),
    () => scope.matrices.push(tanh(cumulativeSum(matrix(), draw([0, 1]), { reverse: random.next() < 0.5 }))),
    () => scope.matrices.push(mul(reduceMean(matrix(), -1, { keep: true }), matrix())),
    () => scope.matrices.push(reshape(transpose(reshape(matrix(), [3, 2])), [2, 3])),
    () => scope.matrices.push(slice(pad(matrix(), -1, 1, 1), -1, 0, 3)),
    () => scope.matrices.push(where(greater(matrix(), 0.1), matrix(), matrix())),
    () => scope.matrices.push(layerNormalization(matrix(), vector(), vector())),
    () => scope.vectors.push(tanh(reduceSum(matrix(), 0))),
    () => scope.matrices.push(...gradientWithin(matrix(), matrix(), matrix())),
  ];
  const loops = [() => addLoop(scope, inputs, random, draw), () => addLoopOverRows(scope, random, draw)];
  const isLoop = scope.depth < 2 && random.next() < 0.3;
  draw(isLoop ? loops : kinds)();
}

/** sin or the like, with slopes written by hand; two outputs now and then. */
function ownGradient(x: Tensor, draw: Draw): Tensor {
  const t = tanh(x);
  const s = sigmoid(x);
  const slopeOfT = sub(constant(1), mul(t, t));
  const slopeOfS = sub(s, mul(s, s));
  const [first, second] = customGradient([x], [t, s], ([toT, toS]) => {
    const parts = [toT && mul(toT, slopeOfT), toS && mul(toS, slopeOfS)].flatMap((each) => each ?? []);
    return [parts.length === 2 ? add(parts[0], parts[1]) : parts[0]];
  });
  return draw([first, neg(second), mul(first, second)]);
}

/** A gradient as part of what is computed; nothing where there is none. */
function gradientWithin(a: Tensor, b: Tensor, target: Tensor): readonly Tensor[] {
  try {
    return gradient(reduceSum(tanh(mul(a, b))), [target]).map(tanh);
  } catch (error) {
    if (error instanceof ShapeError) return [];
    throw error;
  }
}

/** Over sequences of matrices, with any states; its outputs may go through another loop. */
function addLoop(scope: Scope, inputs: Inputs, random: Random, draw: Draw): void {
  const sequences = [draw(inputs.sequences), draw(inputs.sequences), inputs.classes];
  const floatStates = Array.from({ length: random.integer(3) }, () => draw(scope.matrices));
  const count = floatStates.length;
  const states = [...floatStates, draw(scope.classes), greater(draw(scope.matrices), 0.05)];
  const withWholeStates = random.next() < 0.4;
  const { states: after, outputs } = scan({
    states: withWholeStates ? states : floatStates,
    sequences,
    reverse: random.next() < 0.5,
    step(before, [first, second, classes]) {
      const own = [first, second, ...before.slice(0, count)];
      const inner: Scope = {
        matrices: [...scope.matrices, ...own],
        vectors: [...scope.vectors],
        classes: [...scope.classes, classes],
        depth: scope.depth + 1,
      };
      const [place, flag] = before.slice(count);
      if (withWholeStates) inner.matrices.push(where(flag, first, gather(inputs.table, place)));
      for (let i = 0; i < 3; i++) addPiece(inner, inputs, random, draw);
      const recent = () => draw(inner.matrices.slice(scope.matrices.length));
      const next = floatStates.map(() => (random.next() < 0.3 ? recent() : tanh(add(recent(), recent()))));
      const turned = () => [where(greater(place, 1), mul(place, 0), add(place, 1)), not(flag)];
      const wanted = [recent(), random.next() < 0.2 ? draw(scope.matrices) : recent()];
      return { states: withWholeStates ? [...next, ...turned()] : next, outputs: wanted };
    },
  });
  scope.matrices.push(...after.slice(0, count), tanh(reduceSum(outputs[0], 0)));
  if (random.next() < 0.5) {
    const again = scan({
      states: [draw(scope.matrices)],
      sequences: [outputs[0], outputs[0], outputs[1]],
      step: ([state], [a, b, c]) => ({ states: [tanh(add(mul(state, a), b))], outputs: [mul(c, state)] }),
    });
    scope.matrices.push(again.states[0], tanh(reduceSum(again.outputs[0], 0)));
  } else scope.matrices.push(tanh(reduceSum(outputs[1], 0)));
}

/** Over the rows of matrices, with a vector that is handed on or none. */
function addLoopOverRows(scope: Scope, random: Random, draw: Draw): void {
  const states = random.next() < 0.6 ? [draw(scope.vectors)] : [];
  const around = [draw(scope.vectors), reduceSum(draw(scope.matrices), 0)];
  const { states: after, outputs } = scan({
    states,
    sequences: [draw(scope.matrices), draw(scope.matrices)],
    reverse: random.next() < 0.5,
    step([state], [row, other]) {
      const product = mul(row, state ?? draw(around));
      const next = draw([ownGradient(product, draw), add(product, draw(around)), product]);
      return {
        states: state === undefined ? [] : [tanh(next)],
        outputs: [mul(draw([next, other]), draw(around))],
      };
    },
  });
  scope.vectors.push(...after);
  scope.matrices.push(tanh(outputs[0]));
}
