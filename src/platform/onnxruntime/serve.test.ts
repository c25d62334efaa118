import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { type NamedTensors, RuntimeError } from "../../runtime/session.ts";
import type { Executor } from "./executor.ts";
import type { Question } from "./protocol.ts";
import { serve } from "./serve.ts";

/** Puts the questions to a thread's side that runs `execute`, and reads the answers from the other end. */
async function ask(execute: Executor["run"], questions: readonly Question[]): Promise<unknown[]> {
  const { port1, port2 } = new MessageChannel();
  const executor: Executor = { run: execute, dispose: async () => undefined };
  const answer = serve(
    async () => executor,
    (reply, transfer) => port1.postMessage(reply, transfer),
  );
  const replies: unknown[] = [];
  for (const [id, question] of questions.entries()) {
    const message = once(port2, "message");
    await answer({ id, question });
    replies.push(...(await message));
  }
  port1.close();
  return replies;
}

const open: Question = { type: "open", bytes: new Uint8Array(0), options: {} };
const run: Question = { type: "run", feeds: {}, outputs: ["sum"] };

describe("a thread's answers", () => {
  it("hand results over instead of copying them", async () => {
    const data = Float32Array.of(1, 2);
    const results: NamedTensors = {
      sum: { type: "float32", shape: [2], data },
      half: { type: "float32", shape: [1], data: data.subarray(1) },
    };
    const [, reply] = await ask(async () => results, [open, run]);
    expect(reply).toEqual({
      id: 1,
      answer: {
        type: "results",
        results: {
          sum: { type: "float32", shape: [2], data: Float32Array.of(1, 2) },
          half: { type: "float32", shape: [1], data: Float32Array.of(2) },
        },
      },
    });
    expect(data.length).toBe(0);
  });

  it("tell what a user can mend from our own mistakes", async () => {
    const refusals = [new RuntimeError("found one, expected two"), new TypeError("we did not think of that")];
    const replies = await ask(async () => {
      throw refusals.shift();
    }, [open, run, run, { type: "dispose" }]);
    expect(replies).toEqual([
      { id: 0, answer: { type: "done" } },
      { id: 1, answer: { type: "refused", message: "found one, expected two" } },
      { id: 2, answer: { type: "broken", error: new TypeError("we did not think of that") } },
      { id: 3, answer: { type: "done" } },
    ]);
  });

  it("to a question before the first are our own mistake", async () => {
    const [reply] = await ask(async () => ({}), [run]);
    expect(reply).toMatchObject({ answer: { type: "broken" } });
  });
});
