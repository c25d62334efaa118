/**
 * @file Does an accompaniment listen? Melodies of pieces that were held out are accompanied, and what was added is measured
 * against the melody that was heard, against the same melody some seconds late, and against that of another piece.
 *
 *     npx tsx bench/accompaniment.ts runs/band corpora/band 24 30
 *
 * Model, corpus with a leading program, pieces, seconds of each; then seed and temperature. A frame is 50 ms in which a melody
 * note and others sound; an interval is consonant that is a unison, third, fourth, fifth or sixth, octaves left out.
 */
import { openCorpus } from "../src/corpus/index.ts";
import type { Performance } from "../src/music/index.ts";
import { joinedBy, partOf, stretchOf } from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { UsageError } from "../src/util/errors.ts";
import { createRandom, shuffled } from "../src/util/random.ts";
import { accompanied, withAdded } from "../src/workflows/generate/accompany.ts";
import { collect } from "../src/workflows/generate/music-model.ts";
import { openStage, playableOf, stepOf } from "../src/workflows/generate/stage.ts";
import { findModel } from "../src/workflows/model/index.ts";

const [modelPath, corpusPath, pieces = "16", length = "30", seed = "1", temperature = "0.9"] =
  process.argv.slice(2);
const seconds = Number(length);
const lateBy = 3;
const frame = 0.05;
const consonant = new Set([0, 3, 4, 5, 7, 8, 9]);

interface Heard {
  readonly melody: Performance;
  readonly others: Performance;
}

const platform = nodePlatform();
const found = await findModel(platform, modelPath);
const { ensemble } = found.representation;
if (ensemble === undefined) throw new UsageError("found a model of one instrument, expected one of several");
const corpus = await openCorpus(platform.store, corpusPath);
const leads = (performance: Performance) => (index: number) =>
  performance.instruments[index].program === ensemble.lead && !performance.instruments[index].isDrum;

const real: Heard[] = [];
const held = corpus.index.pieces.filter(
  ({ split, instruments }) =>
    split === "validation" && instruments.some(({ program }) => program === ensemble.lead),
);
for (const piece of shuffled(held, createRandom(seed))) {
  if (real.length === Number(pieces)) break;
  const whole = await corpus.performance(piece);
  const melody = partOf(whole, leads(whole));
  const others = partOf(whole, (index) => !leads(whole)(index));
  if (melody.notes.count === 0) continue;
  // From the melody's first note on; what sounds with it is cut at the same places.
  const both = joinedBy(melody, others);
  const from = Array.from(both.notes.start).indexOf(melody.notes.start[0]);
  const excerpt = stretchOf(both, from, seconds);
  real.push({
    melody: partOf(excerpt, leads(excerpt)),
    others: partOf(excerpt, (index) => !leads(excerpt)(index)),
  });
}

const playable = playableOf(found);
const stage = await openStage(platform.runtime, playable, stepOf(playable, "float32"), {
  inline: true,
  threads: 1,
});
const made: Heard[] = [];
const counts = new Map<string, number>();
for (const [index, { melody }] of real.entries()) {
  const given = accompanied(melody, ensemble);
  const request = { seed, index, accompanied: given, temperature: Number(temperature) };
  const played = await collect(stage.play(request));
  const { performance, added } = withAdded(given, played, ensemble);
  for (const { player, notes } of added) counts.set(player, (counts.get(player) ?? 0) + notes);
  made.push({ melody, others: partOf(performance, (i) => i >= melody.instruments.length) });
  console.error(`${index + 1} of ${real.length}: ${played.notes.count} notes`);
}
await stage.dispose();

/** By frame, pitches that sound; no drums. */
function sounding({ notes, instruments }: Performance, late = 0): readonly (readonly number[])[] {
  const frames = Array.from({ length: Math.ceil(seconds / frame) }, (): number[] => []);
  for (let i = 0; i < notes.count; i++) {
    if (instruments[notes.instrument[i]].isDrum) continue;
    const first = Math.floor((notes.start[i] + late) / frame);
    const last = Math.max(first, Math.ceil((Math.min(notes.end[i], seconds) + late) / frame) - 1);
    // What runs over the end sounds at the beginning.
    for (let f = first; f <= last; f++) frames[f % frames.length].push(notes.pitch[i]);
  }
  return frames;
}

/** Share of consonant intervals, and of frames in which the melody's pitch class is among those that sound. */
function consonance(pairs: readonly Heard[], late = 0) {
  const sums = { intervals: 0, consonant: 0, frames: 0, doubled: 0 };
  for (const { melody, others } of pairs) {
    const [above, below] = [sounding(melody, late), sounding(others)];
    for (const [f, sung] of above.entries()) {
      if (sung.length === 0 || below[f].length === 0) continue;
      sums.frames++;
      const pitch = Math.max(...sung);
      const classes = below[f].map((other) => (((pitch - other) % 12) + 12) % 12);
      sums.intervals += classes.length;
      sums.consonant += classes.filter((each) => consonant.has(each)).length;
      if (classes.includes(0)) sums.doubled++;
    }
  }
  return {
    consonant: ((100 * sums.consonant) / sums.intervals).toFixed(1),
    doubled: ((100 * sums.doubled) / sums.frames).toFixed(1),
  };
}

const exchanged = (pairs: readonly Heard[]): readonly Heard[] =>
  pairs.map(({ others }, i) => ({ melody: pairs[(i + 1) % pairs.length].melody, others }));

console.log(
  `${found.name}, ${real.length} held-out melodies of ${seconds} s, seed ${seed}, temperature ${temperature}`,
);
console.table({
  "added, with its melody": consonance(made),
  [`added, with its melody ${lateBy} s late`]: consonance(made, lateBy),
  "added, with another melody": consonance(exchanged(made)),
  "as written, with its melody": consonance(real),
  [`as written, with its melody ${lateBy} s late`]: consonance(real, lateBy),
  "as written, with another melody": consonance(exchanged(real)),
});
const notesOf = (pairs: readonly Heard[]) => pairs.reduce((sum, { others }) => sum + others.notes.count, 0);
console.log(`notes added ${notesOf(made)}, as written ${notesOf(real)}`);
console.table(Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)));
