/** @file A tally of likelihoods: in total, by kind of event, by how much was heard before, by piece. */
import type { Representation } from "../representations/index.ts";
import type { Foretold } from "./foretell.ts";
import type { Likelihood } from "./likelihood.ts";

/** Sums that grow. */
interface Sums extends Likelihood {
  events: number;
  nats: number;
  correct: number;
}

const nothing = (): Sums => ({ events: 0, nats: 0, correct: 0 });

/** Last position of each bucket: positions are counted from 1, and the last bucket has no end. */
const bucketEnds = [16, 64, 256, 1024] as const;

export interface Tally {
  readonly total: Likelihood;
  /**
   * By what stands before the colon in a token's name, in the order of the vocabulary; only what came. Predictions of several
   * fields at once are all of one kind.
   */
  readonly kinds: readonly { readonly kind: string; readonly likelihood: Likelihood }[];
  /**
   * By position in the window: how many events were heard before, of windows that begin with nothing. `to` is the last
   * position that came in the last bucket.
   */
  readonly positions: readonly {
    readonly from: number;
    readonly to: number;
    readonly likelihood: Likelihood;
  }[];
  /** By number of the piece. */
  readonly pieces: ReadonlyMap<number, Likelihood>;
  add(foretold: Foretold): void;
}

export function createTally(representation: Representation): Tally {
  const { kindOf, names } = kindsOf(representation);
  const total = nothing();
  const kinds = names.map(nothing);
  const positions = [...bucketEnds.map(nothing), nothing()];
  const pieces = new Map<number, Sums>();
  let furthest = 0;
  return {
    total,
    get kinds() {
      return names
        .map((kind, i) => ({ kind, likelihood: kinds[i] }))
        .filter(({ likelihood }) => likelihood.events > 0);
    },
    get positions() {
      return positions
        .map((likelihood, i) => ({
          from: (bucketEnds[i - 1] ?? 0) + 1,
          to: Math.min(bucketEnds[i] ?? furthest, furthest),
          likelihood,
        }))
        .filter(({ likelihood }) => likelihood.events > 0);
    },
    pieces,
    add({ passage, tokens, nats, correct }) {
      const piece = pieces.get(passage.piece) ?? nothing();
      pieces.set(passage.piece, piece);
      for (let i = 0, bucket = 0; i < nats.length; i++) {
        const position = passage.from + i + 1;
        while (position > bucketEnds[bucket]) bucket++;
        for (const sums of [total, piece, kinds[kindOf(tokens, i)], positions[bucket]]) {
          sums.events++;
          sums.nats += nats[i];
          sums.correct += correct[i];
        }
      }
      furthest = Math.max(furthest, passage.from + nats.length);
    },
  };
}

/** The number of each prediction's kind, and the kinds' names. */
function kindsOf({ fields, vocabularySize, describe }: Representation) {
  if (fields.length > 1) return { names: ["step"], kindOf: () => 0 };
  const names: string[] = [];
  const kinds = Uint16Array.from({ length: vocabularySize }, (_, token) => {
    const kind = describe(token).split(":")[0];
    const known = names.indexOf(kind);
    return known < 0 ? names.push(kind) - 1 : known;
  });
  return { names, kindOf: (tokens: Int32Array, i: number) => kinds[tokens[i]] };
}
