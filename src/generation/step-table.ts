/**
 * @file What each token of a stream of whole notes does: asked of the representation once, by decoding a step in which one
 * token is exchanged, so that generation knows no representation by name.
 */
import { createPerformance, type Performance } from "../music/index.ts";
import { flatTokens, type Representation } from "../representations/index.ts";
import { UsageError } from "../util/errors.ts";
import { stepsPerSecond } from "./meter.ts";
import type { TokenTable } from "./token-table.ts";

/**
 * Of single tokens, also where a step has several fields.
 *
 * @throws UsageError for a representation in which a note is more than one step, or a token means one thing here and another
 * there
 */
export function stepTable(representation: Representation): TokenTable {
  const { fields, vocabularySize: size } = representation;
  const onset = new Int16Array(size).fill(-1);
  const steps = new Float64Array(size);
  const ends = new Uint8Array(size);
  const drums = new Uint8Array(size);
  const note = representation.encode(middleC);
  // Of two notes that begin together some representations keep one.
  const later = representation.encode(twice).slice(note.length);
  if (note.length !== fields.length) throw refusal(representation);
  for (const [f, field] of fields.entries()) {
    const heard = Array.from({ length: field.size }, (_, value) => {
      const step = note.slice();
      step[f] = value;
      const token = flatTokens(fields, step)[f];
      const exchanged = representation.decode(Int32Array.of(...step, ...note));
      const { seconds } = readStep(exchanged);
      if (exchanged.instruments.some(({ isDrum }) => isDrum)) drums[token] = 1;
      const { pitch } = readStep(representation.decode(Int32Array.of(...step, ...later)));
      return { token, pitch, seconds };
    });
    const strikes = new Set(heard.map(({ pitch }) => pitch)).size > 2 || fields.length === 1;
    const movesTime = new Set(heard.map(({ seconds }) => seconds)).size > 1;
    for (const { token, pitch, seconds } of heard) {
      if (strikes) onset[token] = pitch;
      if (movesTime) steps[token] = seconds * stepsPerSecond;
      if (f === fields.length - 1) ends[token] = 1;
    }
  }
  const table = { size, onset, steps, ends, drums };
  checkMeaning(representation, table);
  return table;
}

const pitchOfNote = 60;

/** At the beginning, so that nothing but the note is written. */
const middleC = createPerformance({ notes: [{ start: 0, end: 0.5, pitch: pitchOfNote, velocity: 80 }] });

/** And again, half a second later. */
const twice = createPerformance({
  notes: [0, 0.5].map((start) => ({ start, end: start + 0.5, pitch: pitchOfNote, velocity: 80 })),
});

/** The pitch of the step before the note in question, -1 where it has none, and how long it is until that note. */
function readStep({ notes }: Performance): { readonly pitch: number; readonly seconds: number } {
  const seconds = notes.start[notes.count - 1];
  // Where both begin together, they stand by pitch.
  const first = notes.pitch[0];
  const pitch =
    notes.count < 2 ? -1 : notes.start[0] < seconds || first !== pitchOfNote ? first : notes.pitch[1];
  return { pitch, seconds };
}

/** A few notes have to be what their tokens are said to do. */
function checkMeaning(representation: Representation, { onset, steps }: TokenTable): void {
  const melody = [60, 67, 64].map((pitch, i) => ({ start: i / 2, end: (i + 1) / 2, pitch, velocity: 80 }));
  const tokens = representation.encode(createPerformance({ notes: melody }));
  const { notes } = representation.decode(tokens);
  const [starts, pitches]: [number[], number[]] = [[], []];
  let clock = 0;
  for (const token of flatTokens(representation.fields, tokens)) {
    if (onset[token] >= 0) {
      pitches.push(onset[token]);
      starts.push(clock);
    }
    clock += steps[token] / stepsPerSecond;
  }
  const agrees = (found: readonly number[], wanted: ArrayLike<number>) =>
    found.length === notes.count && found.every((value, i) => Math.abs(value - wanted[i]) < 1e-6);
  if (notes.count === melody.length && agrees(pitches, notes.pitch)) {
    if (agrees(starts, notes.start)) return;
  }
  throw refusal(representation);
}

const refusal = ({ name }: Representation) =>
  new UsageError(
    `found \`${name}\`, whose tokens do not tell by themselves which note they strike and when, expected a representation that can be played as it comes, such as \`performance\`: choose another model`,
  );
