/**
 * @file A model of one's own learns the beginning of a prelude by heart, and plays it.
 *
 *   npx tsx examples/04-train-a-model.ts [prelude.mid]
 */
import { writeFileSync } from "node:fs";
import { createPerformance, midiFromPerformance, writeMidi } from "rubato";
import { argMax, build, input, reduceMean, reshape, zeros } from "rubato/graph";
import { pitchName } from "rubato/music";
import { countParameters, crossEntropy, Embedding, Gru, initialise, Linear, ParameterScope } from "rubato/nn";
import { createNodeRuntime } from "rubato/node";
import { openOptimiser } from "rubato/optim";
import { parameterFeeds, scalarOf, type TensorData } from "rubato/runtime";
import { beginTraining, openGradients, trainStep } from "rubato/training";

/** Bach, prelude in C (BWV 846): a chord for each of the first bars, broken twice in the same way. */
const chords = [
  [60, 64, 67, 72, 76],
  [60, 62, 69, 74, 77],
  [59, 62, 67, 74, 77],
  [60, 64, 67, 72, 76],
  [60, 64, 69, 76, 81],
  [60, 62, 66, 69, 74],
];
const broken = [0, 1, 2, 3, 4, 2, 3, 4];
const prelude = chords.flatMap((chord) => [...broken, ...broken].map((voice) => chord[voice]));
const pitches = [...new Set(prelude)].sort((a, b) => a - b);
const classes = Int32Array.from(prelude, (pitch) => pitches.indexOf(pitch));

// The model: a few numbers for each pitch, a layer that remembers, a score for each pitch that may follow.
const features = 12;
const hiddenSize = 48;
const scope = ParameterScope.root();
const embedding = new Embedding(scope.child("embedding"), { classes: pitches.length, features });
const memory = new Gru(scope.child("memory"), { features, hiddenSize });
const scores = new Linear(scope.child("scores"), { inFeatures: hiddenSize, outFeatures: pitches.length });

// What it has to learn: after each note, the next one. Layers that remember read [time, rows]; here is one row.
const steps = prelude.length - 1;
const heard = input("heard", "int32", [steps, 1]);
const following = input("following", "int32", [steps]);
const nothing = zeros({ type: "float32", shape: [1, hiddenSize] });
const { outputs } = memory.forward({ features: embedding.forward(heard) }, nothing);
const logits = scores.forward(reshape(outputs, [steps, hiddenSize]));
const loss = reduceMean(crossEntropy(logits, following));

// Training: the gradient of the loss, and steps that follow it downhill.
const runtime = createNodeRuntime();
const gradients = await openGradients(runtime, loss, scope.tensors());
const optimiser = openOptimiser("adam");
let state = beginTraining(initialise(scope.specs(), 1), optimiser);
console.log(`${countParameters(state.parameters)} parameters, ${pitches.length} pitches, ${steps} steps`);
const feeds: Record<string, TensorData> = {
  heard: { type: "int32", shape: [steps, 1], data: classes.subarray(0, steps) },
  following: { type: "int32", shape: [steps], data: classes.subarray(1) },
};
for (let i = 0; i <= 200; i++) {
  const result = await trainStep(gradients, optimiser, state, [{ feeds, weight: steps }], {
    learningRate: 0.01,
    clipNorm: 1,
  });
  state = result.state;
  if (i % 25 === 0) console.log(`step ${i}: loss ${result.loss.toFixed(3)}`);
}
await gradients.dispose();

// Playing: one note at a time, each time the one with the best score, from the first note and an empty memory.
const note = input("note", "int32", [1]);
const before = input("before", "float32", [1, hiddenSize]);
const after = memory.step({ features: embedding.forward(note) }, before);
const best = argMax(scores.forward(after), 1);
const player = await runtime.open(build({ outputs: { best, after } }));
const parameters = parameterFeeds(state.parameters);
const played = [classes[0]];
let memories: TensorData = { type: "float32", shape: [1, hiddenSize], data: new Float32Array(hiddenSize) };
while (played.length < prelude.length) {
  const last: TensorData = { type: "int32", shape: [1], data: Int32Array.from(played.slice(-1)) };
  const answer = await player.run({ ...parameters, note: last, before: memories });
  played.push(scalarOf(answer, "best"));
  ({ after: memories } = answer);
}
await player.dispose();
for (let bar = 0; bar < chords.length; bar++) {
  const names = played.slice(16 * bar, 16 * bar + 8).map((each) => pitchName(pitches[each]));
  console.log(names.join(" "));
}
const right = played.filter((each, i) => each === classes[i]).length;
console.log(`${right} of ${prelude.length} notes are Bach's`);

const [path] = process.argv.slice(2);
if (path !== undefined) {
  const sixteenth = 0.2;
  const performance = createPerformance({
    notes: played.map((each, i) => ({
      pitch: pitches[each],
      start: i * sixteenth,
      end: (i + 1) * sixteenth,
      velocity: 64,
    })),
  });
  writeFileSync(path, writeMidi(midiFromPerformance(performance)));
}
