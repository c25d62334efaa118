/** @file Operators on the runtimes that Node has: the interpreter, and ONNX Runtime with and without its rewriting of graphs. */
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import { createInterpreter } from "../../src/runtime/interpreter.ts";
import { runtimeLaw } from "../suites/operator-runtime.ts";

runtimeLaw(createInterpreter());
for (const optimisation of ["disabled", "all"] as const)
  runtimeLaw(createNodeRuntime(), { threads: 1, optimisation });
