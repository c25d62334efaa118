/**
 * @file Decodes random token streams with every representation and every configuration of the laws, and says what
 * went wrong: `npx tsx tools/fuzz-representations.ts --count 1000000 --seed 1`. Leaves with 1 at the first fault.
 */
import { parseArgs } from "node:util";
import { openRepresentation } from "../src/representations/index.ts";
import { createRandom } from "../src/util/random.ts";
import { configurations } from "../test/suites/configurations.ts";
import { faultOf, randomStream } from "../test/suites/random-streams.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});

for (const [name, configs] of Object.entries(configurations)) {
  const begin = performance.now();
  const made = configs.map((config) => openRepresentation(name, config));
  const random = createRandom(`${values.seed} ${name}`);
  let streams = 0;
  let tokens = 0;
  let notes = 0;
  for (; streams < Number(values.count); streams++) {
    const representation = made[streams % made.length];
    const stream = randomStream(representation, random);
    const decoded = representation.decode(stream);
    const fault = faultOf(decoded);
    if (fault !== undefined) {
      console.error(JSON.stringify({ name, config: representation.config, fault, stream: [...stream] }));
      process.exit(1);
    }
    tokens += stream.length;
    notes += decoded.notes.count;
  }
  const seconds = Math.round((performance.now() - begin) / 100) / 10;
  console.log(
    JSON.stringify({ name, configurations: made.length, streams, tokens, notes, faults: 0, seconds }),
  );
}
