/** @file Executor: what runs a graph, here or in a thread, unchecked; and the Session that every executor becomes. */
import { checkFeeds, type NamedTensors, RuntimeError, type Session } from "../../runtime/session.ts";

export interface Executor {
  /** @param outputs the names wanted: one at least */
  run(feeds: NamedTensors, outputs: readonly string[]): Promise<NamedTensors>;
  /** What was asked for before is still answered. */
  dispose(): Promise<void>;
}

/** What goes in and what comes out. */
export type Signature = Pick<Session, "inputs" | "outputs">;

/** The contract of a session over what runs its graph: the one place that checks what is fed. */
export function sessionOver(executor: Executor, { inputs, outputs }: Signature): Session {
  const all = outputs.map(({ name }) => name);
  let disposal: Promise<void> | undefined;
  return {
    inputs,
    outputs,
    async run(feeds, wanted = all) {
      if (disposal !== undefined) {
        throw new RuntimeError(
          "found a session that was disposed of, expected an open one: open the model again",
        );
      }
      checkFeeds({ inputs, outputs }, feeds, wanted);
      return wanted.length === 0 ? {} : executor.run(feeds, [...new Set(wanted)]);
    },
    dispose() {
      disposal ??= executor.dispose();
      return disposal;
    },
  };
}
