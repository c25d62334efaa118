/** @file Processes that measure: ours by tsx, the peers' by Python; and what they say. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const peers = fileURLToPath(new URL("../../../shared/peers", import.meta.url));
const python = "/usr/bin/python3";

const measured = z.object({
  tokens: z.number(),
  times: z.array(z.number()),
  /** Seconds of the processor, of each repeat. */
  work: z.array(z.number()).default([]),
  megabytes: z.number(),
  loss: z.number().optional(),
});

/** Seconds of each repeat, and tokens that each of them worked off. */
export type Measured = z.output<typeof measured>;

/** Runs one of our scripts with a task. */
export async function measureOurs(script: "train" | "generate", task: object): Promise<Measured> {
  const path = fileURLToPath(new URL(`./${script}.ts`, import.meta.url));
  const { stdout } = await run(process.execPath, ["--import", "tsx", path, JSON.stringify(task)], {
    maxBuffer: 1 << 24,
  });
  return measured.parse(JSON.parse(stdout));
}

/** PyTorch as the peers' README sets it up, with the kernels of BLIS that are fastest here. */
export interface Torch {
  readonly description: string;
  /** Lines that a script prints. */
  run(script: string, ...args: readonly string[]): Promise<string>;
}

const library = "/usr/lib/x86_64-linux-gnu/blis-openmp";
// BLIS does not know every processor, and falls back to kernels several times slower than those that would run.
const architectures = ["", "zen3", "zen2", "skx", "haswell"];
const product = `
import torch, time
torch.set_num_threads(2)
a = torch.rand(1024, 1024)
a @ a
best = 9
for _ in range(5):
    t = time.perf_counter(); a @ a; best = min(best, time.perf_counter() - t)
print(2 * 1024**3 / best / 1e9)
`;

/** @returns undefined, and says why, where PyTorch or the peers are absent */
export async function findTorch(): Promise<Torch | undefined> {
  if (!existsSync(peers)) return absent(`there is no folder ${peers}`);
  if (!existsSync(library)) return absent(`there is no ${library} (Debian's libblis4-openmp)`);
  let best: { readonly architecture: string; readonly gflops: number } | undefined;
  for (const architecture of architectures) {
    try {
      const { stdout } = await run(python, ["-c", product], { env: environment(architecture) });
      const gflops = Number(stdout);
      if (gflops > (best?.gflops ?? 0)) best = { architecture, gflops };
    } catch (error) {
      if (architecture === "")
        return absent(`${python} cannot import torch (Debian's python3-torch): ${String(error)}`);
      // Kernels that this processor cannot run end the process: they are no candidates.
    }
  }
  if (best === undefined) return absent("PyTorch multiplied nothing");
  const { architecture, gflops } = best;
  return {
    description: `PyTorch with BLIS${architecture === "" ? "" : ` (BLIS_ARCH_TYPE=${architecture})`}, ${Math.round(gflops)} GFLOP/s at 1024³`,
    async run(script, ...args) {
      const { stdout } = await run(python, [join(peers, script), ...args], {
        env: environment(architecture),
      });
      return stdout;
    },
  };
}

function environment(architecture: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_LIBRARY_PATH: library,
    OMP_NUM_THREADS: "2",
    ...(architecture === "" ? {} : { BLIS_ARCH_TYPE: architecture }),
  };
}

function absent(reason: string): undefined {
  console.log(`No peer: ${reason}; ratios are left out.`);
  return undefined;
}

/** GFLOP/s of fused multiplications and additions of 256 bits, with two threads: the probe of the peers' folder. */
export async function measurePeak(): Promise<number | undefined> {
  const source = join(peers, "fma_peak.c");
  if (!existsSync(source)) return undefined;
  const binary = join(tmpdir(), `fma_peak-${process.pid}`);
  await run("cc", ["-O3", "-march=native", "-pthread", source, "-o", binary]);
  const { stdout } = await run(binary);
  return Number(/2 threads: ([\d.]+)/.exec(stdout)?.[1]);
}
