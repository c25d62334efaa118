/** @file What the browser's bench runs in its page: an LSTM of 3 × 512 that draws token after token. */
import { openSampler, openStepper } from "../../src/generation/index.ts";
import { initialParameters, openModel } from "../../src/models/index.ts";
import { createBrowserRuntime } from "../../src/platform/browser/index.ts";
import { createRandom } from "../../src/util/random.ts";

const tokens = 256;

/** Tokens per second, the best of some runs: one call for each token, or `stepsPerCall`. */
async function measure(stepsPerCall: number, threads: number): Promise<number> {
  const model = openModel("lstm", { vocabularySize: 388 });
  const parameters = initialParameters(model, 1);
  const runtime = createBrowserRuntime();
  const random = createRandom(1);
  const heard = new Int32Array(1);
  const stepper =
    stepsPerCall === 1
      ? await openStepper(runtime, model, parameters, { threads })
      : await openSampler(runtime, model, parameters, { threads, stepsPerCall });
  let best = 0;
  for (let run = 0; run < 5; run++) {
    const begin = performance.now();
    for (let i = 0; i < tokens; i += stepsPerCall) {
      if ("stepsPerCall" in stepper) await stepper.next(heard, random);
      else await stepper.next(heard);
    }
    best = Math.max(best, tokens / ((performance.now() - begin) / 1000));
  }
  await stepper.dispose();
  return best;
}

Object.assign(globalThis, { measure });
