/**
 * @file An accompanist: some of the music is given, and only the rest is drawn. Given notes are heard in their places, in whatever
 * representation tells several players note after note.
 *
 * Where a drawn onset would lie beyond the next given one, the given note is heard in its place: what the model said is that
 * nothing comes before it. On one moment, notes stand by program: the given one comes before those of higher programs.
 */
import {
  type Ensemble,
  flatRepresentation,
  flatTokens,
  type GrammarState,
  type Representation,
} from "../representations/index.ts";

/** A grammar that says, too, what is heard in place of what was drawn. */
export interface Accompanist extends GrammarState {
  /** Whether the next token is given, whatever is drawn. */
  readonly isGiven: boolean;
  /** The token to hear where this one was drawn. */
  hears(drawn: number): number;
  copy(): Accompanist;
}

export interface AccompanistOptions {
  readonly representation: Representation;
  readonly ensemble: Ensemble;
  /** Steps of what is given alone, their fields side by side, as the representation encodes it. */
  readonly given: Int32Array;
  /** By program, drums last, 1 for those whose notes may be drawn. Programs that are given are none of them. */
  readonly players: Uint8Array;
}

/** A note that is given. */
interface GivenNote {
  /** Ticks since the beginning of the stream. */
  readonly at: number;
  readonly program: number;
  /** Its fields; the shift among them is that since the given note before it. */
  readonly step: Int32Array;
}

/** What does not change while music is made. */
interface Ground extends AccompanistOptions {
  readonly notes: readonly GivenNote[];
  /** By token, its value within its field. */
  readonly valueOfToken: Int32Array;
  /** By field, its tokens. */
  readonly tokensOf: readonly Int32Array[];
  /** By value of the shift, in ticks. */
  readonly shiftTicks: Int32Array;
  /** Before this nobody but the one who leads can be heard. */
  readonly begins: number;
  /** The highest program that may be drawn. */
  readonly highest: number;
}

/** Times as whole numbers, so that sums in another order are the same. */
const ticksPerSecond = 1e4;
const toTicks = (seconds: number) => Math.round(seconds * ticksPerSecond);

/** Where a step stands that is under way. */
interface Place {
  readonly grammar: GrammarState;
  /** Field of the next token, which is that of a flat grammar's inner one. */
  field: number;
  clock: number;
  /** How many given notes were heard. */
  heard: number;
  /** Whether this step is the next given note; whether it is of its moment, and may still be. */
  isGiven: boolean;
  isTie: boolean;
  isLongest: boolean;
  /** Whether this step can be nothing but a rest. */
  isRest: boolean;
  /** Of the step before, on the same moment. */
  program: number;
}

/** Music that goes along with what is given, before anything was heard. */
export interface Accompaniment {
  readonly accompanist: Accompanist;
  /** What is heard first: time, to the first given note or as far as one token goes. */
  readonly opening: Int32Array;
}

/** @param options with one note given at least, and one player */
export function accompany(options: AccompanistOptions): Accompaniment {
  const { representation, ensemble, players } = options;
  const { fields } = representation;
  const tokensOf = fields.map(({ size }, f) =>
    Int32Array.from({ length: size }, (_, value) => {
      const step = new Int32Array(fields.length);
      step[f] = value;
      return flatTokens(fields, step)[f];
    }),
  );
  const valueOfToken = new Int32Array(representation.vocabularySize);
  for (const tokens of tokensOf) for (const [value, token] of tokens.entries()) valueOfToken[token] = value;
  const shiftTicks = Int32Array.from(ensemble.shiftSeconds, toTicks);
  const ground: Ground = {
    ...options,
    notes: notesOf(options, shiftTicks),
    valueOfToken,
    tokensOf,
    shiftTicks,
    begins: toTicks(ensemble.ahead),
    highest: players.lastIndexOf(1),
  };
  const first = Math.min(ground.notes[0].at, shiftTicks[shiftTicks.length - 1]);
  const opening = Int32Array.of(tokensOf[ensemble.shiftField][shiftTicks.indexOf(first)]);
  const accompanist = accompanistAt(ground, {
    grammar: flatRepresentation(representation).grammar("piece"),
    field: 0,
    clock: 0,
    heard: 0,
    isGiven: false,
    isTie: false,
    isLongest: false,
    isRest: false,
    program: 0,
  });
  return { accompanist, opening };
}

function notesOf(
  { representation, ensemble, given }: AccompanistOptions,
  shiftTicks: Int32Array,
): GivenNote[] {
  const width = representation.fields.length;
  const notes: GivenNote[] = [];
  let at = 0;
  for (let from = 0; from + width <= given.length; from += width) {
    const step = given.slice(from, from + width);
    at += shiftTicks[step[ensemble.shiftField]];
    if (step[ensemble.pitchField] === ensemble.rest) continue;
    notes.push({ at, program: step[ensemble.programField], step });
  }
  return notes;
}

function accompanistAt(ground: Ground, place: Place): Accompanist {
  const { representation, ensemble, notes, valueOfToken, tokensOf, shiftTicks, players, begins, highest } =
    ground;
  const { shiftField, programField, pitchField, rest } = ensemble;
  const { grammar } = place;
  const mask = new Uint8Array(representation.vocabularySize);
  const longest = shiftTicks.length - 1;
  const next = (): GivenNote | undefined => notes[place.heard];
  /** Ticks until the next given note. */
  const left = () => (next()?.at ?? Number.POSITIVE_INFINITY) - place.clock;
  const keep = (field: number, isKept: (value: number) => boolean) => {
    for (const [value, token] of tokensOf[field].entries()) if (!isKept(value)) mask[token] = 0;
  };

  /** Somebody may strike after so much time; or nobody, but time can be filled. */
  function mayShift(value: number): boolean {
    const ticks = shiftTicks[value];
    // What goes beyond the given note is heard as the given note.
    if (ticks >= left()) return true;
    if (ticks === 0 && highest < place.program) return false;
    return place.clock + ticks >= begins || value === longest;
  }

  function mayPlay(program: number): boolean {
    const given = next();
    if (place.isTie && given) {
      if (program === given.program) return true;
      if (program > given.program) return false;
    }
    if (place.clock >= begins && players[program] === 1) return true;
    // Nobody's rest is told as one of program 0.
    return place.isLongest && program === 0;
  }

  /** The value of a field in the next given note, as it stands in this stream. */
  function givenValue(field: number): number {
    const given = next();
    if (given === undefined) return 0;
    return field === shiftField ? Math.max(0, shiftTicks.indexOf(left())) : given.step[field];
  }

  return {
    field: 0,
    get isGiven() {
      return place.isGiven;
    },
    allowed() {
      mask.set(grammar.allowed());
      const { field } = place;
      if (place.isGiven) keep(field, (value) => value === givenValue(field));
      else if (field === shiftField) keep(field, mayShift);
      else if (field === programField) keep(field, mayPlay);
      else if (field === pitchField && place.isRest) keep(field, (value) => value === rest);
      return mask;
    },
    hears(drawn) {
      const { field } = place;
      const value = valueOfToken[drawn];
      if (field === shiftField && shiftTicks[value] > left()) place.isGiven = true;
      if (field === programField && place.isTie && value === next()?.program) place.isGiven = true;
      return place.isGiven ? tokensOf[field][givenValue(field)] : drawn;
    },
    advance(token) {
      const { field } = place;
      const value = valueOfToken[token];
      grammar.advance(token);
      if (field === shiftField) {
        place.isTie = shiftTicks[value] === left();
        place.isLongest = value === longest;
        place.clock += shiftTicks[value];
        if (value > 0) place.program = 0;
      } else if (field === programField) {
        place.isRest = !place.isGiven && (players[value] === 0 || place.clock < begins);
        place.program = value;
      }
      place.field = (field + 1) % representation.fields.length;
      if (place.field !== 0) return;
      if (place.isGiven) place.heard++;
      place.isGiven = false;
    },
    copy: () => accompanistAt(ground, { ...place, grammar: grammar.copy() }),
  };
}
