/**
 * @file The protocols by which likelihoods are compared. Segments: 2,048 events each, beginning with nothing, as Music
 * Transformer and its successors report. Sliding: what a model says when it has heard the music before, as far as it can.
 */
import { type ControlCurve, type Corpus, type CorpusPiece, wholeUnits } from "../../corpus/index.ts";
import {
  carried,
  createTally,
  type Extent,
  foretell,
  inLanes,
  inRows,
  type Passage,
  type PieceStream,
  segments,
  sliding,
  type Tally,
} from "../../evaluation/index.ts";
import type { Model } from "../../models/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SessionOptions } from "../../runtime/session.ts";
import { canCarry } from "../../training/index.ts";
import type { FoundModel } from "../model/index.ts";
import { extentOf, streamsOf } from "./pieces.ts";

/** Events of a window, where the model allows as many. */
export const windowEvents = 2048;
/** Events by which a sliding window goes on at the most, and a quarter of shorter windows. */
const longestStride = 512;

export interface ProtocolRun {
  readonly name: "segments" | "sliding";
  /** Events of a window. */
  readonly window: number;
  /** Events by which windows go on; null where state is carried from one to the next, over whole pieces. */
  readonly stride: number | null;
  readonly extent: Extent;
  readonly tally: Tally;
  /** What it took. */
  readonly seconds: number;
}

export interface ProtocolInput {
  readonly found: FoundModel;
  readonly corpus: Corpus;
  readonly pieces: readonly CorpusPiece[];
  readonly controls: readonly ControlCurve[];
  readonly session: SessionOptions;
}

interface Plan extends Pick<ProtocolRun, "name" | "window" | "stride"> {
  readonly cut: (stream: PieceStream) => Iterable<Passage>;
}

/** The longest window that is measured; windows begin where steps of several tokens do. */
const longestWindow = ({ context }: Model, unit: number) =>
  wholeUnits(Math.min(windowEvents, context ?? windowEvents), unit);

export function measureSegments(platform: Platform, input: ProtocolInput): Promise<ProtocolRun> {
  const window = longestWindow(input.found.model, input.corpus.unit);
  const cut = (stream: PieceStream) => segments(stream, window);
  return measure(platform, input, { name: "segments", window, stride: window, cut });
}

export function measureSliding(platform: Platform, input: ProtocolInput): Promise<ProtocolRun> {
  return measure(platform, input, { name: "sliding", ...slidingPlan(input.found.model, input.corpus.unit) });
}

/** Whole pieces: with carried state where the model has such, and in windows that overlap otherwise. */
export function slidingPlan(model: Model, unit = 1): Omit<Plan, "name"> {
  if (canCarry(model)) {
    const window = wholeUnits(longestStride, unit);
    return { window, stride: null, cut: (stream) => carried(stream, window) };
  }
  const window = longestWindow(model, unit);
  const stride = wholeUnits(Math.max(1, Math.min(longestStride, window >> 2)), unit);
  return { window, stride, cut: (stream) => sliding(stream, window, stride) };
}

/** Rows of a batch: products of many rows are faster, and scores of many windows take memory: a gigabyte at the most. */
const rowsOf = (model: Model) => (canCarry(model) ? 16 : 2);

/** What the longest window needs: corpora of short pieces are measured in short ones. */
const stepsFor = (window: number, pieces: readonly CorpusPiece[]) =>
  Math.min(window, Math.max(...pieces.flatMap(({ length, segments: parts = [length] }) => parts)));

async function measure(platform: Platform, input: ProtocolInput, plan: Plan): Promise<ProtocolRun> {
  const { found, corpus, pieces, controls, session } = input;
  const { name, window, stride, cut } = plan;
  const began = platform.now();
  const extent = extentOf(pieces);
  const tally = createTally(corpus.representation);
  const { model, checkpoint } = found;
  const rows = stride === null ? Math.min(rowsOf(model), pieces.length) : rowsOf(model);
  const streams = streamsOf(corpus, pieces, controls);
  const batches = stride === null ? inLanes(streams, cut, rows) : inRows(streams, cut, rows);
  const options = { ...session, rows, steps: stepsFor(window, pieces), carries: stride === null };
  for await (const foretold of foretell(platform.runtime, model, checkpoint.parameters, batches, options)) {
    tally.add(foretold);
    platform.report({
      stage: `evaluating (${name})`,
      done: tally.total.events,
      total: extent.events,
      unit: "events",
    });
  }
  return { name, window, stride, extent, tally, seconds: (platform.now() - began) / 1000 };
}
