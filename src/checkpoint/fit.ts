/** @file Do these parameters belong to this model? By name and by shape. */
import type { Parameters } from "../util/parameters.ts";
import { CheckpointError, formatShape, quoted } from "./error.ts";

export type Shape = readonly number[];

export interface Misfits {
  /** What the model has and nobody gave. */
  readonly missing: readonly { readonly name: string; readonly expected: Shape }[];
  /** What was given and the model does not have. */
  readonly unknown: readonly { readonly name: string; readonly given: Shape }[];
  readonly reshaped: readonly { readonly name: string; readonly expected: Shape; readonly given: Shape }[];
}

/** Parameters of another model than the one they were given to. */
export class FitError extends CheckpointError {
  readonly misfits: Misfits;

  constructor(message: string, misfits: Misfits) {
    super(message);
    this.misfits = misfits;
  }
}

/**
 * The parameters, in the order in which the model has them.
 *
 * @param expected the shapes of the model's parameters, by name.
 * @throws FitError where one is missing, too many, or of another shape.
 */
export function fitParameters(expected: Readonly<Record<string, Shape>>, given: Parameters): Parameters {
  const misfits = findMisfits(expected, given);
  const faults = [
    list("missing", misfits.missing, ({ expected: shape }) => formatShape(shape)),
    list("too many", misfits.unknown, ({ given: shape }) => formatShape(shape)),
    list("of another shape", misfits.reshaped, (misfit) => {
      return `is ${formatShape(misfit.given)}, expected ${formatShape(misfit.expected)}`;
    }),
  ].filter((fault) => fault !== "");
  if (faults.length > 0) {
    throw new FitError(
      `found parameters of another model, ${faults.join("; ")}: use the configuration that belongs to these weights`,
      misfits,
    );
  }
  return Object.fromEntries(Object.keys(expected).map((name) => [name, given[name]]));
}

function findMisfits(expected: Readonly<Record<string, Shape>>, given: Parameters): Misfits {
  const wanted = Object.entries(expected).map(([name, shape]) => ({ name, expected: shape }));
  const found = Object.entries(given).map(([name, { shape }]) => ({ name, given: shape }));
  return {
    missing: wanted.filter(({ name }) => !Object.hasOwn(given, name)),
    unknown: found.filter(({ name }) => !Object.hasOwn(expected, name)),
    reshaped: wanted
      .filter(({ name }) => Object.hasOwn(given, name))
      .map((each) => ({ ...each, given: given[each.name].shape }))
      .filter((each) => !sameShape(each.expected, each.given)),
  };
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** "5 missing (`a` [2], `b` [4], `c` [], and 2 more)", or nothing where there are none. */
function list<Misfit extends { readonly name: string }>(
  what: string,
  misfits: readonly Misfit[],
  detail: (misfit: Misfit) => string,
): string {
  if (misfits.length === 0) return "";
  const first = misfits.slice(0, 3).map((misfit) => `${quoted(misfit.name)} ${detail(misfit)}`);
  const rest = misfits.length > first.length ? [`and ${misfits.length - first.length} more`] : [];
  return `${misfits.length} ${what} (${[...first, ...rest].join(", ")})`;
}
