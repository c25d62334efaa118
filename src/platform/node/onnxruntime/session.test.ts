import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { addition, float32, int64, slow } from "../../../../test/runtime/models.ts";
import { encodeModel } from "../../../onnx/encode.ts";
import { RuntimeError } from "../../../runtime/session.ts";
import { openInThread } from "../../onnxruntime/thread.ts";
import { openSession, startThread } from "./session.ts";

const program = fileURLToPath(new URL("../../../../test/runtime/exit-child.ts", import.meta.url));

/** What the program prints before it ends by itself. */
async function outputOf(way: string): Promise<string> {
  const args = ["--import", "tsx", program, way];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
  return stdout;
}

describe("a session in its own thread", () => {
  it("lets this thread do other things during a run", async () => {
    const session = await openSession(slow, { threads: 1 });
    let ended = false;
    const run = session.run({ repeats: int64([], [3000n]), one: float32([], [1]) }).finally(() => {
      ended = true;
    });
    let turns = 0;
    while (!ended) {
      await new Promise(setImmediate);
      turns++;
    }
    await run;
    // A run in this thread would leave it one or two.
    expect(turns).toBeGreaterThan(100);
    await session.dispose();
  });

  it.each(["disposed", "idle", "refused"])("lets a program end when it is %s", async (way) => {
    expect(await outputOf(way)).toBe("end\n");
  });

  it("keeps a program going while it runs", async () => {
    expect(await outputOf("running")).toBe("end\ncomputed 96\n");
  });

  it("loads ONNX Runtime no sooner than it is asked for", async () => {
    expect(await outputOf("lazy")).toBe("before: false, cpu, after: true\nend\n");
  });
});

describe("a thread that dies", () => {
  const mortal = new URL("../../../../test/runtime/mortal-worker.mjs", import.meta.url);
  const open = (script: URL) => {
    const bytes = new Uint8Array(encodeModel(addition));
    return openInThread((events) => startThread(script, events), bytes, {});
  };

  it.each([
    ["exit", "its exit code was 3"],
    ["crash", "out of luck"],
  ])("by %s refuses all that waits, and all that comes later", async (feed, words) => {
    const executor = await open(mortal);
    const runs = [1, 2, 3].map((number) => executor.run({ [feed]: float32([1], [number]) }, ["sum"]));
    for (const run of [...runs, ...runs.map(() => executor.run({}, ["sum"]))]) {
      await expect(run).rejects.toThrow(RuntimeError);
      await expect(run).rejects.toThrow(words);
    }
    await expect(executor.run({}, ["sum"])).rejects.toThrow("open the model again");
    await executor.dispose();
  });

  it("before it lived refuses to be opened", async () => {
    const refusal = open(new URL("no-such-worker.mjs", mortal));
    await expect(refusal).rejects.toThrow(RuntimeError);
    await expect(refusal).rejects.toThrow("no-such-worker.mjs");
  });
});
