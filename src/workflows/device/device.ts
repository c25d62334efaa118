/** @file Devices by the names people type: the execution provider of each, and how to get one that is absent. */
import { z } from "zod";
import type { Model, Value } from "../../onnx/model.ts";
import type { Platform } from "../../platform/platform.ts";
import { type Runtime, RuntimeError } from "../../runtime/session.ts";
import { UsageError } from "../../util/errors.ts";

interface DeviceKind {
  /** What runtimes call it; the first one that a runtime has counts. */
  readonly providers: readonly string[];
  /** What to do, for whoever has none. */
  readonly remedy: string;
}

const kinds = {
  // Of the processor there is one runtime or another everywhere.
  cpu: {
    providers: ["cpu", "wasm", "reference"],
    remedy: "install onnxruntime-node, or run in a browser",
  },
  webgpu: {
    providers: ["webgpu"],
    remedy:
      "it comes with onnxruntime-node for Windows, macOS and Linux on x64, and with browsers, and needs a graphics card whose driver is installed (on Linux, one for Vulkan)",
  },
  cuda: {
    providers: ["cuda"],
    remedy:
      "it takes Linux on x64, an NVIDIA card with its driver, CUDA 12 and cuDNN 9, and the library that `ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` fetches",
  },
  coreml: {
    providers: ["coreml"],
    remedy: "it comes with onnxruntime-node for macOS, and with no other system",
  },
} as const satisfies Readonly<Record<string, DeviceKind>>;

export const deviceNames = ["cpu", "webgpu", "cuda", "coreml"] as const;
export type DeviceName = (typeof deviceNames)[number];

export const deviceSchema = z
  .enum(["auto", ...deviceNames])
  .default("auto")
  .describe("what computes: auto takes cuda where it works, and the processor otherwise");

export interface Device {
  readonly name: DeviceName;
  /** What `SessionOptions.provider` takes; undefined for the runtime's default, the processor. */
  readonly provider: string | undefined;
}

export interface DeviceReport {
  readonly device: DeviceName;
  /** The provider that is the device's; undefined where there is none. */
  readonly provider: string | undefined;
  /** How to get one. */
  readonly remedy: string;
}

/**
 * Finds a device and tries it: that a provider is listed does not say that its device is there.
 *
 * @throws UsageError for an absent device, saying how to get one
 */
export async function openDevice(
  { runtime }: Pick<Platform, "runtime">,
  wanted: z.output<typeof deviceSchema>,
): Promise<Device> {
  const name = wanted === "auto" ? "cuda" : wanted;
  const listed = runtime.providers;
  const { provider, remedy } = reportDevice(name, listed);
  if (provider !== undefined && (await works(runtime, provider))) return { name, provider };
  if (wanted === "auto") return { name: "cpu", provider: undefined };
  const found =
    provider === undefined
      ? `${runtime.name} has ${listed.join(", ")}`
      : `${runtime.name} has it and cannot use it: \`rubato doctor\` says why`;
  const others = ["auto", ...deviceNames.filter((each) => each !== name)].join(", ");
  throw new UsageError(
    `found no device "${name}" (${found}), expected one: ${remedy}; or choose another of ${others}`,
  );
}

/** Whether one of these providers is the device's, and otherwise how to get one. */
export function reportDevice(device: DeviceName, providers: readonly string[]): DeviceReport {
  const kind = kinds[device];
  const provider = kind.providers.find((name) => providers.includes(name));
  return { device, provider, remedy: kind.remedy };
}

async function works(runtime: Runtime, provider: string): Promise<boolean> {
  try {
    await tryOut(runtime, provider);
    return true;
  } catch (error) {
    if (error instanceof RuntimeError) return false;
    throw error;
  }
}

/** Runs the smallest of graphs. */
async function tryOut(runtime: Runtime, provider: string): Promise<void> {
  const session = await runtime.open(identity, { provider });
  try {
    await session.run({ given: { type: "float32", shape: [1], data: Float32Array.of(1) } });
  } finally {
    await session.dispose();
  }
}

const value = (name: string): Value => ({ name, type: "float32", shape: [1] });

const identity: Model = {
  graph: {
    name: "identity",
    nodes: [
      {
        name: "identity",
        operator: "Identity",
        domain: "",
        inputs: ["given"],
        outputs: ["same"],
        attributes: {},
      },
    ],
    inputs: [value("given")],
    outputs: [value("same")],
    constants: [],
  },
  operatorSets: { "": 21 },
  metadata: {},
};
