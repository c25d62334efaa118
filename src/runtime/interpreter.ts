/** @file The reference interpreter: a runtime in plain TypeScript, exact and slow, against which the others are held. */
import { evaluate } from "../graph/evaluate.ts";
import type { Numbers } from "../graph/numbers.ts";
import type { Program } from "../graph/program.ts";
import { read } from "../graph/read.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../onnx/model.ts";
import { messageOf, UserError } from "../util/errors.ts";
import { toNumbers, toTensorData } from "./convert.ts";
import { checkFeeds, type NamedTensors, type Runtime, RuntimeError, type Session } from "./session.ts";

/** Runs what Rubato writes: an operator that it does not have is refused when a model is opened. */
export function createInterpreter(): Runtime {
  return {
    name: "interpreter",
    providers: ["reference"],
    async open(model, { provider = "reference" } = {}) {
      if (provider !== "reference") {
        throw new RuntimeError(
          `the interpreter was asked for provider "${provider}", expected "reference": open the model with another runtime`,
        );
      }
      return openSession(readProgram(model), model.graph);
    },
  };
}

function readProgram(model: Model): Required<Program> {
  try {
    return read(model);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new RuntimeError(
      `the interpreter did not open the model (${error.message}), expected one that Rubato has written`,
      { cause: error },
    );
  }
}

function openSession(
  { inputs, outputs }: Required<Program>,
  values: Pick<Session, "inputs" | "outputs">,
): Session {
  let disposed = false;
  return {
    inputs: values.inputs,
    outputs: values.outputs,
    async run(feeds, wanted) {
      if (disposed)
        throw new RuntimeError(
          "a session was run after it was disposed of, expected an open one: open it again",
        );
      checkFeeds(values, feeds, wanted);
      const known = new Map<Tensor, Numbers>(
        inputs.map((tensor, i) => [tensor, toNumbers(feeds[values.inputs[i].name])]),
      );
      return run(outputs, wanted ?? values.outputs.map(({ name }) => name), known);
    },
    async dispose() {
      disposed = true;
    },
  };
}

function run(
  outputs: Readonly<Record<string, Tensor>>,
  names: readonly string[],
  known: ReadonlyMap<Tensor, Numbers>,
): NamedTensors {
  try {
    const results = evaluate(
      names.map((name) => outputs[name]),
      known,
    );
    return Object.fromEntries(names.map((name, i) => [name, toTensorData(results[i])]));
  } catch (error) {
    throw new RuntimeError(`the graph could not be run (${messageOf(error)}), expected feeds that fit it`, {
      cause: error,
    });
  }
}
