/** @file What the doctor finds: a runtime that is right, one that is wrong, one that is absent. */
import { describe, expect, it } from "vitest";
import { memoryPlatform } from "../../platform/memory.ts";
import { createInterpreter } from "../../runtime/interpreter.ts";
import { type Runtime, RuntimeError, type TensorData } from "../../runtime/session.ts";
import { doctor } from "./doctor.ts";

/** The interpreter under another name, whose results are changed on their way out. */
function changed(change: (name: string, tensor: TensorData) => TensorData): Runtime {
  const interpreter = createInterpreter();
  return {
    name: "changed",
    providers: ["cpu"],
    async open(model) {
      // Its measured product is a Loop, which the interpreter does not have: that is for the platform's own runtime.
      const session = await interpreter.open(model);
      return {
        ...session,
        async run(feeds, outputs) {
          const results = await session.run(feeds, outputs);
          return Object.fromEntries(
            Object.entries(results).map(([name, tensor]) => [name, change(name, tensor)]),
          );
        },
      };
    },
  };
}

describe("doctor", () => {
  it("passes the interpreter, which agrees with itself", async () => {
    const diagnosis = await doctor(memoryPlatform());
    expect(diagnosis.passed).toBe(true);
    expect(diagnosis.providers.map(({ runtime, provider, passed }) => [runtime, provider, passed])).toEqual([
      ["interpreter", "reference", true],
    ]);
    expect(diagnosis.providers[0].gradients.map(({ model }) => model)).toEqual([
      "lstm",
      "gru",
      "transformer",
    ]);
    expect(diagnosis.devices).toMatchObject([
      { device: "cpu", provider: "reference" },
      { device: "webgpu", provider: undefined },
      { device: "cuda", provider: undefined },
      { device: "coreml", provider: undefined },
    ]);
  });

  it("fails a runtime whose loss is right and whose gradients are not, and says which", async () => {
    const runtime = changed((name, tensor) =>
      name === "gradient.output.weight" && tensor.type === "float32"
        ? { ...tensor, data: tensor.data.map((value) => value + 1e-3) }
        : tensor,
    );
    const diagnosis = await doctor({ ...memoryPlatform(), runtime });
    expect(diagnosis.passed).toBe(false);
    expect(diagnosis.providers[0].reason).toMatch(
      /^its gradients differ from the reference: lstm \(by 1\.0e-3\)/,
    );
    expect(diagnosis.providers[1]).toMatchObject({ runtime: "interpreter", passed: true });
  });

  it("fails a runtime that answers NaN", async () => {
    const runtime = changed((_, tensor) =>
      tensor.type === "float32" ? { ...tensor, data: tensor.data.map(() => Number.NaN) } : tensor,
    );
    const diagnosis = await doctor({ ...memoryPlatform(), runtime });
    expect(diagnosis.providers[0]).toMatchObject({ passed: false });
  });

  it("passes on what an absent provider says of itself", async () => {
    const absent: Runtime = {
      name: "absent",
      providers: ["cpu", "cuda"],
      open: async () => {
        throw new RuntimeError("found no CUDA, expected it: install it");
      },
    };
    const { passed, providers } = await doctor({ ...memoryPlatform(), runtime: absent });
    expect(passed).toBe(false);
    expect(providers.map(({ provider, passed: each }) => [provider, each])).toEqual([
      ["cpu", false],
      ["cuda", false],
      ["reference", true],
    ]);
    expect(providers[1].reason).toBe("found no CUDA, expected it: install it");
  });

  it("says why a runtime cannot be loaded, and looks at the interpreter all the same", async () => {
    const broken: Runtime = {
      name: "broken",
      get providers(): readonly string[] {
        throw new RuntimeError("found no library, expected one: install it");
      },
      open: createInterpreter().open,
    };
    const { passed, providers } = await doctor({ ...memoryPlatform(), runtime: broken });
    expect(passed).toBe(false);
    expect(providers).toMatchObject([
      { runtime: "broken", passed: false, reason: "found no library, expected one: install it" },
      { runtime: "interpreter", passed: true },
    ]);
  });

  it("fails a runtime that multiplies wrongly", async () => {
    const interpreter = createInterpreter();
    const wrong: Runtime = {
      name: "wrong",
      providers: ["cpu"],
      async open(model) {
        const [output] = model.graph.outputs;
        if (output.name !== "result") return interpreter.open(model);
        const { inputs, outputs } = model.graph;
        const data = new Float32Array(16 * 16).fill(3);
        return {
          inputs,
          outputs,
          run: async () => ({ result: { type: "float32", shape: [16, 16], data } }),
          dispose: async () => undefined,
        };
      },
    };
    const { providers } = await doctor({ ...memoryPlatform(), runtime: wrong }, { size: 16 });
    expect(providers[0]).toMatchObject({ passed: false });
    expect(providers[0].reason).toMatch(/^found 3 in a product of matrices, expected 2 everywhere/);
  });
});
