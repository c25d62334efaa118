import { describe, expect, it } from "vitest";
import { createInterpreter } from "../../runtime/interpreter.ts";
import { type Runtime, RuntimeError } from "../../runtime/session.ts";
import { UsageError } from "../../util/errors.ts";
import { deviceNames, openDevice, reportDevice } from "./device.ts";

/** The interpreter, under these names; those that are broken are listed and do not open. */
function runtimeWith(providers: readonly string[], broken: readonly string[] = []): Runtime {
  return {
    name: "pretended",
    providers,
    open: async (model, options = {}) => {
      if (broken.includes(options.provider ?? "")) throw new RuntimeError("found no card");
      return createInterpreter().open(model, { ...options, provider: "reference" });
    },
  };
}

const open = (runtime: Runtime, device: Parameters<typeof openDevice>[1]) => openDevice({ runtime }, device);

describe("a device", () => {
  it("is the provider that the runtime has for it", async () => {
    expect(await open(runtimeWith(["cpu", "webgpu"]), "webgpu")).toEqual({
      name: "webgpu",
      provider: "webgpu",
    });
    expect(await open(runtimeWith(["wasm"]), "cpu")).toEqual({ name: "cpu", provider: "wasm" });
    expect(await open(createInterpreter(), "cpu")).toEqual({ name: "cpu", provider: "reference" });
  });

  it("is chosen by itself: cuda where it works, and otherwise the default", async () => {
    const cpu = { name: "cpu", provider: undefined };
    expect(await open(runtimeWith(["cpu", "cuda"]), "auto")).toEqual({ name: "cuda", provider: "cuda" });
    expect(await open(runtimeWith(["cpu", "cuda"], ["cuda"]), "auto")).toEqual(cpu);
    expect(await open(runtimeWith(["cpu", "webgpu"]), "auto")).toEqual(cpu);
  });

  it.each(["webgpu", "cuda", "coreml"] as const)(
    "%s, where it is absent, says how to get it",
    async (name) => {
      const refusal = open(runtimeWith(["cpu"]), name);
      await expect(refusal).rejects.toThrow(UsageError);
      await expect(refusal).rejects.toThrow(
        `found no device "${name}" (pretended has cpu), expected one: it `,
      );
      await expect(refusal).rejects.toThrow("or choose another of auto, cpu");
    },
  );

  it("that is listed and does not work is refused too", async () => {
    const refusal = open(runtimeWith(["cpu", "webgpu"], ["webgpu"]), "webgpu");
    await expect(refusal).rejects.toThrow(/has it and cannot use it: `rubato doctor` says why/);
  });

  it("passes on what is no matter of devices", async () => {
    const faulty: Runtime = {
      ...runtimeWith(["cuda"]),
      open: async () => {
        throw new TypeError("a fault of ours");
      },
    };
    await expect(open(faulty, "auto")).rejects.toThrow(TypeError);
  });

  it("has a remedy, each its own", () => {
    const remedies = deviceNames.map((name) => reportDevice(name, []).remedy);
    expect(new Set(remedies).size).toBe(deviceNames.length);
  });
});
