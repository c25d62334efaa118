/** @file The thread's side of the protocol: it opens one model, runs it, and disposes of it. */
import { RuntimeError } from "../../runtime/session.ts";
import { invariant } from "../../util/errors.ts";
import type { Executor } from "./executor.ts";
import type { Answer, Question, Reply, Request, ThreadOptions } from "./protocol.ts";
import { buffersOf } from "./tensors.ts";

/**
 * @param post sends a reply; the buffers are handed over, not copied
 * @returns what is to be called with each request
 */
export function serve(
  open: (bytes: Uint8Array, options: ThreadOptions) => Promise<Executor>,
  post: (reply: Reply, transfer: ArrayBuffer[]) => void,
): (request: Request) => Promise<void> {
  let executor: Executor | undefined;

  async function answerTo(question: Question): Promise<Answer> {
    if (question.type === "open") {
      executor = await open(question.bytes, question.options);
      return { type: "done" };
    }
    invariant(executor, `a thread was asked to ${question.type} before its model was open`);
    if (question.type === "run") {
      return { type: "results", results: await executor.run(question.feeds, question.outputs) };
    }
    await executor.dispose();
    return { type: "done" };
  }

  return async ({ id, question }) => {
    const answer = await answerTo(question).catch(refusal);
    post({ id, answer }, answer.type === "results" ? buffersOf(answer.results) : []);
  };
}

function refusal(error: unknown): Answer {
  if (error instanceof RuntimeError) return { type: "refused", message: error.message };
  return { type: "broken", error };
}
