/** @file `evaluate`: how likely a corpus is under a model, by the protocols of the field, with floors beside it. */
import { corpusOfFields, openCorpus } from "../../corpus/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { findModel } from "../model/index.ts";
import { expectLikelihoods, expectSameTokens } from "./belonging.ts";
import { type Floor, measureFloors } from "./floors.ts";
import { type EvaluateInput, evaluateSchema } from "./options.ts";
import { controlsOf, drawPieces, piecesOf } from "./pieces.ts";
import { measureSegments, measureSliding, windowEvents } from "./protocols.ts";
import { type ModelReport, type ProtocolReport, reportModel, reportProtocol } from "./report.ts";
import { openCompute } from "./session.ts";

export interface Evaluation {
  readonly model: ModelReport;
  readonly corpus: {
    readonly name: string;
    readonly path: string;
    /** SHA-256 of the index, which holds the hash of every piece. */
    readonly fingerprint: string;
    readonly split: string;
    /** Pieces of the split; a protocol says how many of them it measured. */
    readonly pieces: number;
    readonly representation: { readonly name: string; readonly config: Readonly<Record<string, unknown>> };
  };
  /** Draws the pieces, where not all were measured. */
  readonly seed: number;
  readonly protocols: readonly ProtocolReport[];
  /** Of the pieces of the first protocol; empty where they were not asked for, or there is no train split. */
  readonly floors: readonly Floor[];
  /** What is not as the protocols have it, a sentence each. */
  readonly remarks: readonly string[];
  readonly machine: string;
  readonly device: string;
  readonly secondsTaken: number;
}

/**
 * Measures a model.
 *
 * @throws UsageError for a model or device that is not there, one that answers no likelihoods, and a corpus of other tokens than the model's; CorpusError for
 * an empty split; and what reading and computing throw.
 */
export async function evaluate(platform: Platform, input: EvaluateInput): Promise<Evaluation> {
  const options = evaluateSchema.parse(input);
  const began = platform.now();
  const found = await findModel(platform, options.model);
  expectLikelihoods(found);
  const { model, representation } = found;
  const stored = await openCorpus(platform.store, options.corpus);
  expectSameTokens(stored, representation);
  const corpus = corpusOfFields(stored, model.outcome.fields);
  const all = piecesOf(corpus, options.split);
  const controls = controlsOf(found, options.controls);
  const { device, session } = await openCompute(platform, options);
  const pieces = drawPieces(all, options.limit ?? all.length, options.seed);
  const protocols: ProtocolReport[] = [];
  const given = { found, corpus, controls, session };
  if (options.protocol !== "sliding") {
    protocols.push(reportProtocol(await measureSegments(platform, { ...given, pieces }), pieces));
  }
  const some = drawPieces(pieces, options.slidingPieces, options.seed);
  if (options.protocol !== "segments") {
    protocols.push(reportProtocol(await measureSliding(platform, { ...given, pieces: some }), some));
  }
  const floors = options.floors
    ? await measureFloors(platform, corpus, options.protocol === "sliding" ? some : pieces)
    : [];
  const index = await platform.store.read(`${corpus.path}/index.json`);
  return {
    model: reportModel(found),
    corpus: {
      name: corpus.index.name,
      path: corpus.path,
      fingerprint: platform.sha256(index),
      split: options.split,
      pieces: all.length,
      representation: { name: corpus.representation.name, config: corpus.representation.config },
    },
    seed: options.seed,
    protocols,
    floors,
    remarks: remarksOn(model.context),
    machine: platform.machine,
    device,
    secondsTaken: (platform.now() - began) / 1000,
  };
}

function remarksOn(context: number | undefined): readonly string[] {
  if (context === undefined || context >= windowEvents) return [];
  return [
    `windows have ${context} events, the context of this model, and not ${windowEvents.toLocaleString("en")}: compare with care`,
  ];
}
