/** @file Tasks on worker threads, by piscina; with one worker, in this thread. */
import type { Piscina } from "piscina";
import { invariant } from "../../util/errors.ts";
import { inlinePool } from "../inline-pool.ts";
import type { Pool, Task } from "../platform.ts";

/**
 * Inputs and results are copied between threads. So are the task's errors, of which only message and stack arrive:
 * a refusal that the caller wants to tell from others has to be returned, not thrown.
 */
export function openPool<Input, Output>(task: Task<Input, Output>, workers: number): Pool<Input, Output> {
  if (workers <= 1) return inlinePool(task);
  let threads: Promise<Piscina<Input, Output>> | undefined;
  let broken: unknown;
  let closed = false;

  async function start(): Promise<Piscina<Input, Output>> {
    const { Piscina } = await import("piscina");
    const started: Piscina<Input, Output> = new Piscina({ minThreads: workers, maxThreads: workers });
    // A worker that dies between tasks: piscina may not replace it, so that what is queued would wait for ever.
    started.on("error", (error: unknown) => {
      broken = error;
      void started.destroy();
    });
    return started;
  }

  return {
    async run(input) {
      // piscina would start new threads, which nobody would end.
      invariant(!closed, "a pool is used after it was closed");
      threads ??= start();
      const started = await threads;
      if (broken !== undefined) throw broken;
      // The module is named here and not above: where it cannot be loaded, every run says so, and none waits.
      return started.run(input, { filename: task.url });
    },
    /** What is still under way is given up, and its runs reject. */
    async close() {
      closed = true;
      const started = await threads;
      await started?.destroy();
    },
  };
}
