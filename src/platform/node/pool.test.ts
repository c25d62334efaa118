import { describe, expect, it } from "vitest";
import run from "../../../test/fixtures/pool-task.mjs";
import { openPool } from "./pool.ts";

const url = new URL("../../../test/fixtures/pool-task.mjs", import.meta.url).href;
const task = { url, run };

describe.each([1, 2])("a pool of %i", (workers) => {
  it("gives the results that belong to the inputs, which it leaves as they are", async () => {
    const pool = openPool(task, workers);
    const inputs = Array.from({ length: 50 }, (_, number) => ({
      kind: "square" as const,
      number,
      bytes: new Uint8Array([number, 1]),
    }));
    const results = await Promise.all(inputs.map((input) => pool.run(input)));
    expect(results).toEqual(inputs.map(({ number }) => ({ square: number * number, sum: number + 1 })));
    expect(inputs[7]?.bytes).toEqual(new Uint8Array([7, 1]));
    await pool.close();
  });

  it("rejects with what the task throws, and works on", async () => {
    const pool = openPool(task, workers);
    const refusal = pool.run({ kind: "throw", number: 7 });
    await expect(refusal).rejects.toThrow(TypeError);
    await expect(refusal).rejects.toThrow("found 7, expected another number");
    expect(await pool.run({ kind: "square", number: 3 })).toEqual({ square: 9, sum: 0 });
    await pool.close();
  });

  it("can be closed without having run", async () => {
    await openPool(task, workers).close();
  });
});

describe("a pool of workers", () => {
  it("rejects the run whose worker dies, and does the others", async () => {
    const pool = openPool(task, 2);
    const numbers = Array.from({ length: 12 }, (_, number) => number);
    const settled = await Promise.allSettled(
      numbers.map((number) => pool.run({ kind: number === 3 ? "crash" : "square", number })),
    );
    expect(settled.filter(({ status }) => status === "rejected")).toEqual([
      { status: "rejected", reason: expect.objectContaining({ message: "worker exited with code: 3" }) },
    ]);
    await pool.close();
  });

  it("closes while runs are under way, which are then rejected", async () => {
    const pool = openPool(task, 2);
    const runs = Promise.allSettled([1, 2, 3, 4].map((number) => pool.run({ kind: "square", number })));
    await pool.close();
    for (const { status } of await runs) expect(["fulfilled", "rejected"]).toContain(status);
    await expect(pool.run({ kind: "square", number: 1 })).rejects.toThrow(/^invariant:/);
  });

  it("says that a module cannot be loaded, to every run", async () => {
    const pool = openPool({ url: new URL("no-such-task.mjs", url).href, run }, 2);
    const runs = [1, 2, 3, 4].map((number) => pool.run({ kind: "square", number }));
    for (const refusal of await Promise.allSettled(runs)) {
      expect(refusal).toMatchObject({
        status: "rejected",
        reason: { message: expect.stringMatching(/Cannot find module/) },
      });
    }
    await pool.close();
  });
});
