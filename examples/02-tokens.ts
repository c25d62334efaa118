/**
 * @file The same chord in three representations: what a model would read.
 *
 *   npx tsx examples/02-tokens.ts
 */
import { createPerformance, openRepresentation } from "rubato";

const chord = createPerformance({
  notes: [60, 64, 67].map((pitch) => ({ pitch, start: 0.5, end: 1, velocity: 80 })),
  pedals: [
    { time: 0.5, controller: 64, value: 127 },
    { time: 3, controller: 64, value: 0 },
  ],
});

for (const name of ["performance", "performance-pedal", "notes"]) {
  const representation = openRepresentation(name);
  const tokens = representation.encode(chord);
  const width = representation.fields.length;
  const steps = Array.from({ length: tokens.length / width }, (_, step) =>
    representation.fields
      .map((_, field) => representation.describe(tokens[step * width + field], field))
      .join(" "),
  );
  console.log(`${name} (${representation.vocabularySize} tokens):`);
  for (const step of steps) console.log(`  ${step}`);
}
