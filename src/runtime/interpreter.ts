/** @file The reference interpreter: a runtime in plain TypeScript, exact and slow, against which the others are held. */
import { evaluate } from "../graph/evaluate.ts";
import type { Numbers } from "../graph/numbers.ts";
import { read } from "../graph/read.ts";
import type { Tensor } from "../graph/tensor.ts";
import { messageOf } from "../util/errors.ts";
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
      return openSession(read(model), model.graph);
    },
  };
}

function openSession(
  { inputs, outputs }: ReturnType<typeof read>,
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
      const names = wanted ?? values.outputs.map(({ name }) => name);
      return collect(
        names,
        run(
          names.map((name) => outputs[name]),
          known,
        ),
      );
    },
    async dispose() {
      disposed = true;
    },
  };
}

function run(tensors: readonly Tensor[], known: ReadonlyMap<Tensor, Numbers>): readonly Numbers[] {
  try {
    return evaluate(tensors, known);
  } catch (error) {
    throw new RuntimeError(`the graph could not be run (${messageOf(error)}), expected feeds that fit it`, {
      cause: error,
    });
  }
}

function collect(names: readonly string[], results: readonly Numbers[]): NamedTensors {
  return Object.fromEntries(names.map((name, i) => [name, toTensorData(results[i])]));
}
