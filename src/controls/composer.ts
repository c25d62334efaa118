/** @file `composer`: in whose manner, as one of a list of names or none of them. */
import { z } from "zod";
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { oneHot } from "./classes.ts";
import { defineControl } from "./control.ts";

/** Those of MAESTRO with 26 performances or more; all others are "unknown" to a model. */
const maestro = [
  "Alexander Scriabin",
  "Claude Debussy",
  "Domenico Scarlatti",
  "Felix Mendelssohn",
  "Franz Liszt",
  "Franz Schubert",
  "Frédéric Chopin",
  "Johann Sebastian Bach",
  "Johannes Brahms",
  "Joseph Haydn",
  "Ludwig van Beethoven",
  "Robert Schumann",
  "Sergei Rachmaninoff",
  "Wolfgang Amadeus Mozart",
];
const unknown = "unknown";

/** Without accents and capitals, so that "chopin" finds Frédéric Chopin. */
const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .trim()
    .toLowerCase();

export const composer = defineControl({
  name: "composer",
  summary: "In whose manner: one of a list of composers, or unknown",
  option: {
    name: "composer",
    help: 'in whose manner: a composer the model knows, "unknown", or several over the piece as in "Bach; Chopin"',
  },
  config: z.object({
    names: z
      .array(z.string().min(1))
      .min(1)
      .default(maestro)
      .describe("composers that are told apart; all others are unknown"),
  }),
  create: ({ names }) => {
    const all = [unknown, ...names];
    const size = all.length;
    const indexOf = (name: string) => Math.max(0, all.indexOf(name));
    return {
      size,
      of: "piece",
      trial: undefined,
      neutral: oneHot(0, size),
      compute({ steps }, { composer: name = unknown } = {}) {
        const row = oneHot(indexOf(name), size);
        const values = new Float32Array(steps.length * size);
        for (let i = 0; i < steps.length; i++) values.set(row, i * size);
        return values;
      },
      read(text) {
        const words = text.split(";").map((word) => word.trim());
        return words.map((word) => {
          const exact = all.filter((name) => plain(name) === plain(word));
          const matching = all.filter((name) => plain(name).includes(plain(word)));
          const found = exact.length > 0 ? exact : matching;
          if (word !== "" && found.length === 1) return oneHot(all.indexOf(found[0]), size);
          const why =
            word !== "" && found.length > 1
              ? `which may be ${found.join(" or ")}`
              : "which the model does not know";
          throw new UsageError(
            `found --composer ${JSON.stringify(word)}, ${why}, expected one of ${all.join(", ")}${suggestion(word, all)}`,
          );
        });
      },
    };
  },
});
