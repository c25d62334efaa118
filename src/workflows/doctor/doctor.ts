/** @file Doctor: what a machine has to compute with, how fast it is, and whether its gradients are right. */
import { z } from "zod";
import type { Platform } from "../../platform/platform.ts";
import { createInterpreter } from "../../runtime/interpreter.ts";
import { measureProduct } from "../../runtime/measure.ts";
import type { Runtime } from "../../runtime/session.ts";
import { checkGradients, type GradientCheck } from "../../training/index.ts";
import { invariant, UserError } from "../../util/errors.ts";
import { type DeviceReport, deviceNames, reportDevice } from "../device/index.ts";

export const doctorSchema = z.object({
  threads: z.int().min(1).optional().describe("threads to measure with, beside one; all cores unless given"),
  size: z
    .int()
    .min(16)
    .default(1024)
    .describe("size of the matrices whose product is measured; smaller is quicker and less exact"),
});

export interface ProviderReport {
  readonly runtime: string;
  readonly provider: string;
  /** Whether it may train. */
  readonly passed: boolean;
  /** Why it did not pass, in one sentence. */
  readonly reason?: string;
  readonly gradients: readonly GradientCheck[];
  /** GFLOP/s of a product of matrices, by number of threads. */
  readonly speed: readonly { readonly threads: number; readonly gflops: number }[];
}

export interface Diagnosis {
  readonly machine: string;
  readonly cores: number;
  /** Whether the provider that is used unless another is asked for has passed. */
  readonly passed: boolean;
  readonly providers: readonly ProviderReport[];
  /** What `--device` may name: with the provider that passed, or how to get one. */
  readonly devices: readonly DeviceReport[];
}

/** Looks at the interpreter and at every provider of the platform's runtime. */
export async function doctor(
  platform: Platform,
  options: z.input<typeof doctorSchema> = {},
): Promise<Diagnosis> {
  const { threads = platform.cores, size } = doctorSchema.parse(options);
  const { runtime } = platform;
  const absence = absenceOf(runtime);
  const subjects: readonly (readonly [Runtime, string])[] = [
    ...(absence ? [] : runtime.providers.map((provider) => [runtime, provider] as const)),
    ...(runtime.name === "interpreter" ? [] : [[createInterpreter(), "reference"] as const]),
  ];
  const providers: ProviderReport[] = absence ? [absence] : [];
  for (const [done, [each, provider]] of subjects.entries()) {
    platform.report({
      stage: `${each.name} ${provider}`,
      done,
      total: subjects.length,
      unit: "providers",
    });
    providers.push(
      await examine(
        each,
        provider,
        provider === "cpu" ? [...new Set([1, threads])] : [1],
        size,
        platform.now,
      ),
    );
  }
  const right = providers
    .filter((each) => each.passed && each.runtime === runtime.name)
    .map(({ provider }) => provider);
  return {
    machine: platform.machine,
    cores: platform.cores,
    passed: providers[0]?.passed ?? false,
    providers,
    devices: deviceNames.map((name) => reportDevice(name, right)),
  };
}

/** The report on a runtime that cannot even be loaded, and so has no providers. */
function absenceOf(runtime: Runtime): ProviderReport | undefined {
  try {
    invariant(runtime.providers.length > 0, "a runtime that can be loaded has a provider");
    return undefined;
  } catch (error) {
    return refused({ runtime: runtime.name, provider: "absent" }, error);
  }
}

/** @throws what was thrown, where it is our own mistake */
function refused(about: Pick<ProviderReport, "runtime" | "provider">, error: unknown): ProviderReport {
  if (!(error instanceof UserError)) throw error;
  return { ...about, passed: false, reason: error.message, gradients: [], speed: [] };
}

async function examine(
  runtime: Runtime,
  provider: string,
  threadCounts: readonly number[],
  size: number,
  now: () => number,
): Promise<ProviderReport> {
  const about = { runtime: runtime.name, provider };
  try {
    const gradients = await checkGradients(runtime, { provider });
    const wrong = gradients.filter(({ passed }) => !passed);
    if (wrong.length > 0) {
      const models = wrong.map(({ model, worst }) => `${model} (by ${worst.toExponential(1)})`).join(", ");
      const reason = `its gradients differ from the reference: ${models}; use another provider for training`;
      return { ...about, passed: false, reason, gradients, speed: [] };
    }
    const speed: ProviderReport["speed"][number][] = [];
    // The interpreter is exact, not fast: nobody asks how slow it is.
    for (const threads of runtime.name === "interpreter" ? [] : threadCounts) {
      const product = { rows: size, inner: size, columns: size };
      speed.push({ threads, gflops: await measureProduct(runtime, { ...product, provider, threads, now }) });
    }
    return { ...about, passed: true, gradients, speed };
  } catch (error) {
    return refused(about, error);
  }
}
