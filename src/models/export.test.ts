/** @file Exported files: they need nothing beside them, say what they are, and compute what the model computes. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { drawTokens, livelyParameters, smallModels, vocabularySize } from "../../test/suites/small-models.ts";
import { openStepper } from "../generation/stepper.ts";
import { decodeModel } from "../onnx/decode.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Graph, Model as OnnxModel } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { NamedTensors, Session, TensorData } from "../runtime/session.ts";
import { UsageError } from "../util/errors.ts";
import { createRandom } from "../util/random.ts";
import { exportForward, exportSampling, exportStep, openModel } from "./index.ts";

const threads = 1;
const steps = 6;
const sequences = 3;

const int32 = (shape: readonly number[], data: Int32Array): TensorData => ({ type: "int32", shape, data });
const float32 = (shape: readonly number[], data: Float32Array): TensorData => ({
  type: "float32",
  shape,
  data,
});
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** What a file says of its states, as somebody reads it who has the file alone. */
const statesSchema = z.record(
  z.string(),
  z.strictObject({
    type: z.enum(["float32", "int32"]),
    shape: z.array(z.union([z.int(), z.enum(["batch", "past"])])),
    update: z.union([z.literal("replace"), z.strictObject({ append: z.int(), ring: z.int().optional() })]),
  }),
);

const statesOf = ({ metadata: { "rubato.state": text } }: OnnxModel) => statesSchema.parse(JSON.parse(text));

/** Feeds of states that remember nothing yet. */
function emptyStates(file: OnnxModel, batch: number): Record<string, TensorData> {
  const sizes = { batch, past: 0 };
  return Object.fromEntries(
    Object.entries(statesOf(file)).map(([name, { type, shape: given }]) => {
      const shape = given.map((size) => (typeof size === "number" ? size : sizes[size]));
      const count = sizeOf(shape);
      return [
        `state.${name}`,
        type === "int32" ? int32(shape, new Int32Array(count)) : float32(shape, new Float32Array(count)),
      ];
    }),
  );
}

/** One behind the other along an axis. */
function joined(before: TensorData, added: TensorData, axis: number): TensorData {
  const rows = Array.from({ length: sizeOf(before.shape.slice(0, axis)) }, (_, row) =>
    [before, added].flatMap(({ shape, data }) => {
      const length = sizeOf(shape.slice(axis));
      return Array.from(data.slice(row * length, (row + 1) * length), Number);
    }),
  );
  return float32(
    before.shape.with(axis, before.shape[axis] + added.shape[axis]),
    Float32Array.from(rows.flat()),
  );
}

/** Behind what is there; or where a ring is full, in place of what has stood there longest. */
function added(
  before: TensorData,
  after: TensorData,
  { axis, step, ring }: { readonly axis: number; readonly step: number; readonly ring: number | undefined },
): TensorData {
  if (ring === undefined || step < ring) return joined(before, after, axis);
  const part = (from: number, to: number) => {
    const inner = sizeOf(before.shape.slice(axis + 1));
    const kept = before.data.filter((_, i) => {
      const place = Math.floor(i / inner) % ring;
      return place >= from && place < to;
    });
    return float32(before.shape.with(axis, to - from), Float32Array.from(kept, Number));
  };
  const place = step % ring;
  return joined(joined(part(0, place), after, axis), part(place + 1, ring), axis);
}

/** What all sequences hear: tokens `[steps, batch]` and controls `[steps, batch, …]`. */
function heard(controls: number) {
  const random = createRandom("controls");
  return {
    tokens: drawTokens(steps * sequences, "exports"),
    controls: Float32Array.from({ length: steps * sequences * controls }, () => random.next()),
  };
}

/** Logits of some of the sequences, step by step, by a file alone: `[steps][batch · vocabulary]`. */
async function stepThrough(file: OnnxModel, session: Session, from: number, batch: number) {
  const width = file.graph.inputs.find(({ name }) => name === "controls")?.shape[1] ?? 0;
  const { tokens, controls } = heard(Number(width));
  const rows = (step: number, size: number) => {
    const first = (step * sequences + from) * size;
    return [first, first + batch * size] as const;
  };
  const states = emptyStates(file, batch);
  const all: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const results = await session.run({
      tokens: int32([batch], tokens.slice(...rows(step, 1))),
      ...(width === 0
        ? {}
        : { controls: float32([batch, Number(width)], controls.slice(...rows(step, Number(width)))) }),
      ...states,
    });
    for (const [name, { update }] of Object.entries(statesOf(file))) {
      const after = results[`after.${name}`];
      states[`state.${name}`] =
        update === "replace"
          ? after
          : added(states[`state.${name}`], after, { axis: update.append, step, ring: update.ring });
    }
    const { logits } = results;
    expect(logits.shape).toEqual([batch, vocabularySize]);
    all.push(Array.from(logits.data, Number));
  }
  return all;
}

function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found).toHaveLength(wanted.length);
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
}

/** Operators by name, those in bodies too. */
function operatorsOf({ nodes }: Graph): readonly string[] {
  return nodes.flatMap(({ operator, attributes: { body } }) => [
    operator,
    ...(body?.type === "graph" ? operatorsOf(body.value) : []),
  ]);
}

describe.each(smallModels)("%s %j as a file", (name, config) => {
  const model = openModel(name, config);
  const parameters = livelyParameters(model);
  const open = (bytes: Uint8Array) => openDirect(bytes, { threads });
  const tokens = drawTokens(steps * sequences, "exports");

  it("asks for tokens, controls and states alone, of any number of sequences", async () => {
    const session = await open(encodeModel(exportStep(model, parameters)));
    const states = Object.entries(model.state);
    const valuesOf = (prefix: string) => states.map(([state]) => `${prefix}.${state}`);
    const conditions = model.controls > 0 ? ["controls"] : [];
    expect(session.inputs.map((input) => input.name).sort()).toEqual(
      ["tokens", ...conditions, ...valuesOf("state")].sort(),
    );
    expect(session.outputs.map((output) => output.name).sort()).toEqual(
      ["logits", ...valuesOf("after")].sort(),
    );
    for (const { shape } of session.inputs) expect(shape[0]).toBe("batch");
    expect(session.outputs.find((output) => output.name === "logits")?.shape).toEqual([
      "batch",
      vocabularySize,
    ]);
    await session.dispose();
  });

  it("predicts for one sequence what it predicts for three, and what a stepper predicts", async () => {
    const bytes = encodeModel(exportStep(model, parameters));
    const file = decodeModel(bytes);
    const session = await open(bytes);
    const together = await stepThrough(file, session, 0, sequences);
    for (let sequence = 0; sequence < sequences; sequence++) {
      const alone = await stepThrough(file, session, sequence, 1);
      for (const [step, logits] of alone.entries()) {
        const own = together[step].slice(sequence * vocabularySize, (sequence + 1) * vocabularySize);
        expect(distance(logits, own)).toBeLessThan(1e-5);
      }
    }
    await session.dispose();
    const { controls } = heard(model.controls);
    const stepper = await openStepper(createInterpreter(), model, parameters, { batch: sequences });
    for (const [step, logits] of together.entries()) {
      const width = sequences * model.controls;
      const wanted = await stepper.next(
        tokens.slice(step * sequences, (step + 1) * sequences),
        controls.slice(step * width, (step + 1) * width),
      );
      expect(distance(logits, wanted)).toBeLessThan(1e-5);
    }
  });

  it("predicts for a window what its steps predict", async () => {
    const { controls } = heard(model.controls);
    /** `[steps, batch, …]` → `[batch, steps, …]` */
    const bySequence = (index: number, width: number) => {
      const [sequence, step] = [Math.floor(index / (steps * width)), Math.floor(index / width) % steps];
      return (step * sequences + sequence) * width + (index % width);
    };
    const session = await open(encodeModel(exportForward(model, parameters, { batch: sequences, steps })));
    const { logits } = await session.run({
      tokens: int32(
        [sequences, steps],
        tokens.map((_, i) => tokens[bySequence(i, 1)]),
      ),
      ...(model.controls > 0
        ? {
            controls: float32(
              [sequences, steps, model.controls],
              controls.map((_, i) => controls[bySequence(i, model.controls)]),
            ),
          }
        : {}),
    });
    await session.dispose();
    expect(logits.shape).toEqual([sequences, steps, vocabularySize]);
    const stepper = exportStep(model, parameters);
    const stepSession = await open(encodeModel(stepper));
    const stepwise = (await stepThrough(stepper, stepSession, 0, sequences)).flat();
    await stepSession.dispose();
    const window = Array.from(logits.data, Number);
    const reordered = window.map((_, i) => stepwise[bySequence(i, vocabularySize)]);
    expect(distance(window, reordered)).toBeLessThan(1e-5);
  });

  it("says what it is: the model can be made again from its configuration", () => {
    const metadata = { author: "somebody", "rubato.model": "overridden" };
    const file = decodeModel(
      encodeModel(exportStep(model, parameters, { metadata: { author: "somebody" } })),
    );
    expect(file.metadata).toMatchObject({ author: "somebody", "rubato.model": name, "rubato.graph": "step" });
    const { "rubato.configuration": text } = file.metadata;
    const again = openModel(name, JSON.parse(text));
    expect(again.config).toEqual(model.config);
    expect(statesOf(file)).toEqual(model.state);
    expect(file.graph.name).toBe(`rubato ${name}`);
    const window = exportForward(model, parameters, { batch: 1, steps, metadata });
    expect(window.metadata).toMatchObject({ author: "somebody", "rubato.graph": "forward" });
  });

  it("has weights of eight bits if that is asked for, and comes near", async () => {
    const file = exportStep(model, parameters, { precision: "int8" });
    expect(operatorsOf(file.graph)).toContain("DynamicQuantizeMatMul");
    const [exact, rounded] = [encodeModel(exportStep(model, parameters)), encodeModel(file)];
    expect(decodeModel(rounded).graph.inputs).toEqual(decodeModel(exact).graph.inputs);
    const [wanted, found] = await Promise.all([open(exact), open(rounded)]);
    for (const [from, batch] of [
      [0, 3],
      [1, 1],
    ]) {
      const expected = (await stepThrough(file, wanted, from, batch)).flat();
      const answered = (await stepThrough(file, found, from, batch)).flat();
      const errors = answered.reduce((sum, value, i) => sum + (value - expected[i]) ** 2, 0);
      const squares = expected.reduce((sum, value) => sum + value ** 2, 0);
      expect(errors).toBeGreaterThan(0);
      expect(Math.sqrt(errors / squares)).toBeLessThan(0.06);
    }
    await Promise.all([wanted.dispose(), found.dispose()]);
  });

  it("is refused where a parameter is missing, or is that of another model", () => {
    const names = Object.keys(parameters);
    const last = names[names.length - 1];
    const { [last]: removed, ...fewer } = parameters;
    const window = { batch: 1, steps };
    for (const attempt of [
      () => exportStep(model, fewer),
      () => exportForward(model, fewer, window),
      () => exportStep(model, { ...fewer, [last]: { ...removed, shape: [removed.data.length, 1] } }),
    ]) {
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(`parameter "${last}"`);
    }
  });
});

describe.each(["lstm", "gru"])("sampling by %s as a file", (name) => {
  const model = openModel(name, { vocabularySize, layers: 2, hiddenSize: 8 });
  const parameters = livelyParameters(model);
  const random = createRandom("noise");
  const noise = Float32Array.from(
    { length: steps * sequences * vocabularySize },
    () => -Math.log(-Math.log(random.next() + 2 ** -33)),
  );
  const first = Int32Array.of(1, 2, 3);
  const temperature = 0.5;

  const feedsFor = (from: number, batch: number): NamedTensors => {
    const own = noise.filter((_, i) => {
      const sequence = Math.floor(i / vocabularySize) % sequences;
      return sequence >= from && sequence < from + batch;
    });
    const states = Object.entries(model.state).map(([state, { shape }]) => {
      const sizes = [batch, ...shape.slice(1).map(Number)];
      return [`state.${state}`, float32(sizes, new Float32Array(sizeOf(sizes)))] as const;
    });
    return {
      tokens: int32([batch], first.slice(from, from + batch)),
      sharpness: float32([], Float32Array.of(1 / temperature)),
      noise: float32([steps, batch, vocabularySize], own),
      ...Object.fromEntries(states),
    };
  };

  it.each(["float32", "int8"] as const)("draws for any number of sequences: %s", async (precision) => {
    const file = exportSampling(model, parameters, { steps, precision });
    expect(file.metadata).toMatchObject({ "rubato.model": name, "rubato.graph": "sampling" });
    expect(operatorsOf(file.graph).includes("DynamicQuantizeMatMul")).toBe(precision === "int8");
    const session = await openDirect(encodeModel(file), { threads });
    const { drawn } = await session.run(feedsFor(0, sequences));
    expect(drawn).toMatchObject({ type: "int32", shape: [steps, sequences] });
    for (let sequence = 0; sequence < sequences; sequence++) {
      const { drawn: alone } = await session.run(feedsFor(sequence, 1));
      expect(alone.shape).toEqual([steps, 1]);
      // What is rounded to eight bits is rounded for all sequences together.
      if (precision === "int8") continue;
      expect([...alone.data]).toEqual([...drawn.data].filter((_, i) => i % sequences === sequence));
    }
    await session.dispose();
  });

  it("draws the largest sums of noise and what its steps predict, and hands on their states", async () => {
    const session = await openDirect(encodeModel(exportSampling(model, parameters, { steps })), { threads });
    const results = await session.run(feedsFor(0, sequences));
    const { drawn: found } = results;
    await session.dispose();
    const stepSession = await openDirect(encodeModel(exportStep(model, parameters)), { threads });
    const states: Record<string, TensorData> = Object.fromEntries(
      Object.entries(feedsFor(0, sequences)).filter(([key]) => key.startsWith("state.")),
    );
    let tokens = first;
    const drawn: number[] = [];
    for (let step = 0; step < steps; step++) {
      const answers = await stepSession.run({ tokens: int32([sequences], tokens), ...states });
      const { logits } = answers;
      tokens = first.map((_, sequence) => {
        const sums = Array.from({ length: vocabularySize }, (_, token) => {
          const place = sequence * vocabularySize + token;
          return Number(logits.data[place]) / temperature + noise[step * sequences * vocabularySize + place];
        });
        return sums.indexOf(Math.max(...sums));
      });
      drawn.push(...tokens);
      for (const state of Object.keys(model.state)) states[`state.${state}`] = answers[`after.${state}`];
    }
    await stepSession.dispose();
    expect([...found.data]).toEqual(drawn);
    for (const state of Object.keys(model.state)) {
      const [handedOn, wanted] = [results[`after.${state}`], states[`state.${state}`]];
      expect(
        distance(Float32Array.from(handedOn.data, Number), Float32Array.from(wanted.data, Number)),
      ).toBeLessThan(1e-5);
    }
  });
});
