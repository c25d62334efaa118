/** @file The caller's side of the protocol: an executor whose graph runs in a thread of its own. */
import { type NamedTensors, RuntimeError } from "../../runtime/session.ts";
import type { Executor } from "./executor.ts";
import type { Answer, Question, Reply, Request, ThreadOptions } from "./protocol.ts";
import { compact } from "./tensors.ts";

/** A thread just started, which serves the protocol. */
export interface Thread {
  post(request: Request, transfer: ArrayBuffer[]): void;
  /** Whether something is under way: only then does the thread keep the program alive. */
  hold(busy: boolean): void;
  terminate(): Promise<void>;
}

export interface ThreadEvents {
  replied(reply: Reply): void;
  /** The thread cannot answer any more. */
  died(reason: string): void;
}

interface Waiting {
  resolve(results: NamedTensors): void;
  reject(error: unknown): void;
}

/**
 * Opens the model in the thread that `start` makes. Feeds are copied to it, results handed over.
 *
 * @param bytes the model; its buffer is handed over, too, and empty afterwards
 * @throws RuntimeError where the thread cannot be started or does not open the model; the thread is gone then
 */
export async function openInThread(
  start: (events: ThreadEvents) => Thread,
  bytes: Uint8Array<ArrayBuffer>,
  options: ThreadOptions,
): Promise<Executor> {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let death: RuntimeError | undefined;

  const thread = start({
    replied({ id, answer }) {
      const asker = waiting.get(id);
      waiting.delete(id);
      thread.hold(waiting.size > 0);
      if (asker !== undefined) tell(asker, answer);
    },
    died(reason) {
      death ??= new RuntimeError(
        `found that the thread of a session has ended (${reason}), expected it to run its graph: open the model again`,
      );
      for (const { reject } of waiting.values()) reject(death);
      waiting.clear();
    },
  });

  function ask(question: Question, transfer: ArrayBuffer[] = []): Promise<NamedTensors> {
    return new Promise((resolve, reject) => {
      if (death !== undefined) throw death;
      const id = asked++;
      thread.post({ id, question }, transfer);
      waiting.set(id, { resolve, reject });
      thread.hold(true);
    });
  }

  async function dispose(): Promise<void> {
    try {
      await ask({ type: "dispose" });
    } catch (error) {
      // A thread that has ended holds nothing any more.
      if (error !== death) throw error;
    } finally {
      await thread.terminate();
    }
  }

  try {
    await ask({ type: "open", bytes, options }, [bytes.buffer]);
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return { run: (feeds, outputs) => ask({ type: "run", feeds: compact(feeds), outputs }), dispose };
}

function tell({ resolve, reject }: Waiting, answer: Answer): void {
  switch (answer.type) {
    case "done":
      resolve({});
      break;
    case "results":
      resolve(answer.results);
      break;
    case "refused":
      reject(new RuntimeError(answer.message));
      break;
    case "broken":
      reject(answer.error);
      break;
  }
}
