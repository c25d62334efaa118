/** @file The pool without workers: tasks run here, one after the other. */
import type { Pool, Task } from "./platform.ts";

export function inlinePool<Input, Output>(task: Task<Input, Output>): Pool<Input, Output> {
  return {
    run: async (input) => task.run(input),
    close: async () => undefined,
  };
}
