/** @file How streams of single events are played: notes last until they are released, and time can be cut anywhere. */
import type { Representation } from "../representations/index.ts";
import { eventTable } from "./event-table.ts";
import type { Idiom } from "./idiom.ts";
import { fitted, stepsPerSecond } from "./meter.ts";
import { firstPart, lastPart, moment, padded, silence, soundFirst } from "./primer.ts";
import { Transcriber } from "./transcriber.ts";

/** @throws UsageError for representations whose tokens are not single events */
export function eventIdiom(representation: Representation): Idiom {
  const table = eventTable(representation);
  return {
    table,
    delay: 0,
    opening: (_, { isTold = false } = {}) => ({
      before: isTold ? moment(table) : silence(table),
      music: new Int32Array(0),
    }),
    grammar(isConstrained, isNew) {
      if (!isConstrained) return undefined;
      const grammar = representation.grammar("piece");
      return isNew ? soundFirst(grammar, table) : grammar;
    },
    // Nothing sounds beyond the end, for the last of its time is cut off.
    transcript: () => new Transcriber(table),
    fitted: (token, ending, meter) => fitted(token, ending, meter, table),
    encode: (primer) =>
      padded(representation.encode(primer), Math.floor(primer.duration * stepsPerSecond + 0.5), table),
    firstPart: (tokens, length) => firstPart(tokens, length, table),
    lastPart: (tokens, length) => lastPart(tokens, length, table),
  };
}
