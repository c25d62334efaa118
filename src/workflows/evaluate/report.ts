/** @file What an evaluation found, as a value: figures, and all that is needed to find them again. */
import type { CorpusPiece } from "../../corpus/index.ts";
import { type Figures, figuresOf, type Likelihood } from "../../evaluation/index.ts";
import type { FoundModel } from "../model/index.ts";
import type { ProtocolRun } from "./protocols.ts";

/** Of a part of the events. */
export interface Part {
  readonly events: number;
  /** Of all events that were predicted. */
  readonly share: number;
  readonly natsPerEvent: number;
  /** Its part of the nats per event of all: these add up. */
  readonly contribution: number;
  readonly accuracy: number;
}

export interface ProtocolReport extends Figures {
  readonly protocol: ProtocolRun["name"];
  /** Events of a window, and by how many windows go on: null where state is carried through whole pieces. */
  readonly window: number;
  readonly stride: number | null;
  readonly accuracy: number;
  readonly pieces: number;
  /** Of the pieces, whether predicted or not. */
  readonly music: { readonly events: number; readonly notes: number; readonly seconds: number };
  readonly kinds: readonly (Part & { readonly kind: string })[];
  /** By how many events of the window were heard before; empty where windows do not begin with nothing. */
  readonly positions: readonly (Part & { readonly from: number; readonly to: number })[];
  readonly byPiece: readonly {
    readonly source: string;
    readonly events: number;
    readonly natsPerEvent: number;
    readonly accuracy: number;
  }[];
  /** Taken by this protocol. */
  readonly secondsTaken: number;
}

export interface ModelReport {
  readonly name: string;
  readonly folder: string;
  readonly kind: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  readonly precision: string;
  /** SHA-256 of the weights' file. */
  readonly fingerprint: string;
  readonly representation: string;
  readonly trainedOn: FoundModel["checkpoint"]["provenance"];
}

export function reportModel({ name, folder, model, representation, checkpoint }: FoundModel): ModelReport {
  return {
    name,
    folder,
    kind: model.name,
    configuration: model.config,
    parameters: Object.values(checkpoint.parameters).reduce((sum, { data }) => sum + data.length, 0),
    precision: checkpoint.precision,
    fingerprint: checkpoint.fingerprint,
    representation: representation.name,
    trainedOn: checkpoint.provenance,
  };
}

export function partOf(likelihood: Likelihood, total: Likelihood): Part {
  return {
    events: likelihood.events,
    share: likelihood.events / total.events,
    natsPerEvent: likelihood.nats / likelihood.events,
    contribution: likelihood.nats / total.events,
    accuracy: likelihood.correct / likelihood.events,
  };
}

export function reportProtocol(run: ProtocolRun, pieces: readonly CorpusPiece[]): ProtocolReport {
  const { name, window, stride, extent, tally, seconds } = run;
  const { total } = tally;
  return {
    protocol: name,
    window,
    stride,
    ...figuresOf(total, extent),
    accuracy: total.correct / total.events,
    pieces: pieces.length,
    music: extent,
    kinds: tally.kinds.map(({ kind, likelihood }) => ({ kind, ...partOf(likelihood, total) })),
    positions:
      name === "segments"
        ? tally.positions.map(({ from, to, likelihood }) => ({ from, to, ...partOf(likelihood, total) }))
        : [],
    byPiece: [...tally.pieces]
      .sort(([a], [b]) => a - b)
      .map(([index, { events, nats, correct }]) => ({
        source: pieces[index].source,
        events,
        natsPerEvent: nats / events,
        accuracy: correct / events,
      })),
    secondsTaken: seconds,
  };
}
