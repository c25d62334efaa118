/** @file `score`: how likely a piece of music is under a model, and where it surprises. */
import {
  createTally,
  type Figures,
  type Foretold,
  figuresOf,
  foretell,
  inLanes,
  inRows,
  type PieceStream,
  type Tally,
} from "../../evaluation/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { flatRepresentation } from "../../representations/index.ts";
import type { SessionOptions } from "../../runtime/session.ts";
import { UsageError } from "../../util/errors.ts";
import { controlsOf } from "../evaluate/pieces.ts";
import { slidingPlan } from "../evaluate/protocols.ts";
import { type ModelReport, type Part, partOf, reportModel } from "../evaluate/report.ts";
import { openCompute } from "../evaluate/session.ts";
import { readMusicFile } from "../files/index.ts";
import { checkPicture, writePicture } from "../inspect/picture.ts";
import { expectTokenByToken, type FoundModel, findModel } from "../model/index.ts";
import { type ScoreInput, scoreSchema } from "./options.ts";
import { drawSurprise } from "./picture.ts";
import { createSurprise, type Moment, type Second } from "./surprise.ts";

export interface Score extends Figures {
  readonly file: string;
  readonly title: string;
  readonly notes: number;
  readonly seconds: number;
  /** −log p of all events but the first, which is heard and not predicted. */
  readonly nats: number;
  readonly accuracy: number;
  readonly kinds: readonly (Part & { readonly kind: string })[];
  /** Least expected first. */
  readonly moments: readonly Moment[];
  /** Each second of the music, from its beginning. */
  readonly perSecond: readonly Second[];
  readonly model: ModelReport;
  readonly warnings: readonly string[];
}

/**
 * Scores a file. The model has heard all of the music before each event, or as much of it as its window holds.
 *
 * @throws UsageError for music without notes, a picture that is neither SVG nor PNG, and a model or device that is not there; RepresentationError for music that
 * the model's representation cannot hold; and what reading and computing throw.
 */
export async function score(platform: Platform, input: ScoreInput): Promise<Score> {
  const options = scoreSchema.parse(input);
  if (options.plot !== undefined) checkPicture(options.plot);
  const found = await findModel(platform, options.model);
  const representation = flatRepresentation(found.representation);
  expectTokenByToken(found.name, found.model);
  const { performance, title, warnings } = await readMusicFile(platform.store, options.file);
  if (performance.notes.count === 0) {
    throw new UsageError(`found no notes in ${options.file}, expected music: choose another file`);
  }
  const tokens = representation.encode(performance);
  const { session } = await openCompute(platform, options);
  const surprise = createSurprise(found.representation, tokens, options.moments);
  const tally = createTally(representation);
  const passages = foretellPiece(platform, found, tokens, session);
  for await (const foretold of passages) {
    tally.add(foretold);
    surprise.add(foretold);
    platform.report({ stage: "scoring", done: tally.total.events, total: tokens.length, unit: "events" });
  }
  const perSecond = surprise.perSecond();
  if (options.plot !== undefined) {
    await writePicture(platform, options.plot, drawSurprise(title || nameOf(options.file), perSecond));
  }
  const { total } = tally;
  const extent = {
    events: tokens.length,
    notes: performance.notes.count,
    seconds: performance.duration,
  };
  return {
    file: options.file,
    title,
    notes: extent.notes,
    seconds: extent.seconds,
    nats: total.nats,
    ...figuresOf(total, extent),
    accuracy: total.correct / total.events,
    kinds: kindsOf(tally),
    moments: surprise.moments(),
    perSecond,
    model: reportModel(found),
    warnings,
  };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

const kindsOf = ({ kinds, total }: Tally) =>
  kinds.map(({ kind, likelihood }) => ({ kind, ...partOf(likelihood, total) }));

function foretellPiece(
  { runtime }: Platform,
  found: FoundModel,
  tokens: Int32Array,
  session: SessionOptions,
): AsyncGenerator<Foretold> {
  const { model, representation, checkpoint } = found;
  const timeline = representation.timeline?.(tokens);
  const controls = timeline
    ? controlsOf(found, true).map((control) => ({ size: control.size, values: control.compute(timeline) }))
    : [];
  const { window, stride, cut } = slidingPlan(model);
  const steps = Math.min(window, tokens.length - 1);
  const one = oneStream({ piece: 0, stream: { steps: tokens.length, tokens, controls } });
  const batches = stride === null ? inLanes(one, cut, 1) : inRows(one, cut, 1);
  const options = { ...session, rows: 1, steps, carries: stride === null };
  return foretell(runtime, model, checkpoint.parameters, batches, options);
}

async function* oneStream(stream: PieceStream): AsyncGenerator<PieceStream> {
  yield stream;
}
