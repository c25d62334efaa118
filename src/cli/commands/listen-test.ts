/** @file `rubato listen-test`: makes a page, or reads what was answered on it. */
import { z } from "zod";
import { UsageError } from "../../util/errors.ts";
import {
  type Estimate,
  type ListeningKit,
  type ListeningResults,
  listenResults,
  listenResultsSchema,
  listenTest,
  listenTestSchema,
} from "../../workflows/listen-test/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { table } from "../table.ts";

const { systems, out, ...making } = listenTestSchema.shape;
const { key, confidence } = listenResultsSchema.shape;

const schema = z.object({
  systems: systems.default([]).describe(`${systems.description ?? ""}; with --results more files of answers`),
  out: out.optional(),
  ...making,
  results: z
    .array(z.string().min(1))
    .optional()
    .describe("instead, say what people prefer: a file that the page exported, or a folder of them"),
  key: key.optional(),
  confidence,
});

export default defineCommand({
  name: "listen-test",
  summary: "let people choose between systems without knowing which is which, and say what they prefer",
  positional: ["systems"],
  schema,
  examples: [
    { line: "rubato listen-test lstm/ transformer/ --out kit", does: "a page with twenty pairs of excerpts" },
    {
      line: "rubato listen-test a/ b/ people/ --out kit --pairs 30 --seconds 15",
      does: "three systems, each two meeting ten times",
    },
    {
      line: "rubato listen-test --results answers/ --key kit.key.json",
      does: "what listeners prefer, with intervals",
    },
  ],
  async run({ results: answers, key: keyPath, ...options }, { platform, color, remark }) {
    if (answers === undefined) {
      const kit = await listenTest(platform, { ...options, out: expectOut(options.out, keyPath) });
      for (const each of kit.remarks) remark(each);
      return { json: kit, lines: describeKit(kit) };
    }
    if (keyPath === undefined) {
      throw new UsageError(
        "found --results without --key, expected the .key.json that was written beside the page: give it with --key",
      );
    }
    if (options.out !== undefined) {
      throw new UsageError(
        "found --results and --out, expected one of them: make a page first, and read answers later",
      );
    }
    const results = await listenResults(platform, {
      // A shell writes all names for answers/*.json, of which the first alone belongs to --results.
      answers: [...answers, ...options.systems],
      key: keyPath,
      confidence: options.confidence,
      seed: options.seed,
    });
    for (const each of results.remarks) remark(each);
    return { json: results, lines: layOut(results, color) };
  },
});

function expectOut(given: string | undefined, keyPath: string | undefined): string {
  if (given !== undefined) return given;
  throw new UsageError(
    keyPath === undefined
      ? "found no --out, expected a folder for the page, such as --out kit: give one"
      : "found --key without --results, expected answers to read: give them with --results",
  );
}

const whole = (count: number) => count.toLocaleString("en");
const counted = (count: number, name: string) => `${whole(count)} ${name}${count === 1 ? "" : "s"}`;

function describeKit({
  out: folder,
  key: keyPath,
  systems: heard,
  trials,
  sounds,
  seconds,
}: ListeningKit): string[] {
  return [
    `wrote ${folder}: ${counted(trials, "pair")} of ${heard.map(({ name }) => name).join(", ")}; ${counted(sounds, "sound")} of ${counted(seconds, "second")} at most`,
    `give ${folder} to listeners, or open ${folder}/index.html; keep ${keyPath} to yourself: it says what each sound is`,
    `then: rubato listen-test --results <answers> --key ${keyPath}`,
  ];
}

const percent = (share: number) => (100 * share).toFixed(1);
const interval = ({ low, high }: Estimate) => `${percent(low)} to ${percent(high)}`;
/** Small ones for what they are: "0.0000" would be none. */
const probability = (p: number) => (p < 0.0001 ? "<0.0001" : p.toFixed(4));

function layOut(results: ListeningResults, color: Colors): string[] {
  const { question, listeners, answers, confidence: level, pairs, systems: each, sides } = results;
  return [
    `${color.bold(question)}  ${counted(listeners, "listener")}, ${counted(answers, "answer")}; intervals of ${100 * level} %`,
    "",
    ...table(
      [
        "first",
        "second",
        "first preferred",
        "second preferred",
        "no difference",
        "share of first %",
        "interval",
        "p",
      ],
      pairs.map((pair) => [
        pair.first,
        pair.second,
        whole(pair.preferred),
        whole(pair.rejected),
        whole(pair.ties),
        percent(pair.share.value),
        interval(pair.share),
        probability(pair.p),
      ]),
    ),
    ...(each.length < 3
      ? []
      : [
          "",
          ...table(
            ["system", "preferred", "not preferred", "no difference", "share %", "interval"],
            each.map((system) => [
              system.name,
              whole(system.preferred),
              whole(system.rejected),
              whole(system.ties),
              percent(system.share.value),
              interval(system.share),
            ]),
          ),
        ]),
    "",
    color.dim(
      `no difference counts as half; p: sign test, two-sided, without it. A was chosen ${counted(sides.a, "time")}, B ${counted(sides.b, "time")}`,
    ),
  ];
}
