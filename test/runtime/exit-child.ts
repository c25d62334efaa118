/** @file A program with one session, for tests of when it ends: by itself, in every one of these ways of leaving it. */
import { createRequire } from "node:module";
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import { float32, int64, slow } from "./models.ts";

const feeds = (repeats: bigint) => ({ repeats: int64([], [repeats]), one: float32([], [1]) });
const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("onnxruntime"));

const runtime = createNodeRuntime();
switch (process.argv[2]) {
  case "disposed": {
    const session = await runtime.open(slow);
    await session.run(feeds(1n));
    await session.dispose();
    break;
  }
  case "idle":
    await (await runtime.open(slow)).run(feeds(1n));
    break;
  case "refused":
    await runtime.open(slow, { provider: "abacus" }).catch(() => undefined);
    break;
  case "running": {
    const session = await runtime.open(slow);
    void session.run(feeds(1000n)).then(({ result }) => console.log(`computed ${result.data[0]}`));
    break;
  }
  case "lazy":
    console.log(`before: ${isLoaded()}, ${runtime.providers[0]}, after: ${isLoaded()}`);
    break;
}
console.log("end");
