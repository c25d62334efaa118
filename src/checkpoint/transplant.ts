/**
 * @file Weights of one model as the beginning of another of the same build: what both have is taken over, token by token
 * where their vocabularies differ. So a model that knows `performance` need not learn notes anew to learn of the pedal.
 */
import { initialParameters, type Model } from "../models/index.ts";
import type { Representation } from "../representations/index.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { CheckpointError } from "./error.ts";

/** A model, what its tokens mean, and, of the one that gives, its weights. */
export interface Graft {
  readonly model: Model;
  readonly representation: Representation;
}

export interface Transplanted {
  readonly parameters: Parameters;
  /** Names of tokens that the giver did not know. */
  readonly newTokens: readonly string[];
  /** Names of parameters that the giver did not have: they begin as zeros, and change nothing until they have learnt. */
  readonly newParameters: readonly string[];
}

/**
 * The giver's weights, fitted to the taker. Rows of tokens are found by the tokens' names; those of new tokens begin as
 * the taker's first values do.
 *
 * @throws CheckpointError where the two are not of one build
 */
export function transplant(
  from: Graft & { readonly parameters: Parameters },
  to: Graft,
  seed: number | string,
): Transplanted {
  const known = new Map(namesOf(from.representation).map((name, token) => [name, token]));
  const names = namesOf(to.representation);
  const source = names.map((name) => known.get(name) ?? -1);
  const fresh = initialParameters(to.model, seed);
  const newParameters: string[] = [];
  const parameters = Object.fromEntries(
    Object.entries(fresh).map(([name, first]): [string, NamedArray] => {
      const given = from.parameters[name];
      if (given === undefined) {
        newParameters.push(name);
        return [name, { shape: first.shape, data: new Float32Array(first.data.length) }];
      }
      const axis = first.shape.findIndex((size, i) => size !== given.shape[i]);
      if (axis < 0 && given.shape.length === first.shape.length) {
        return [
          name,
          axisOfTokens(first.shape) < 0 ? given : rearranged(given, first, axisOfTokens(first.shape)),
        ];
      }
      const isVocabulary =
        first.shape[axis] === names.length && given.shape[axis] === from.representation.vocabularySize;
      const others = (shape: readonly number[]) => shape.filter((_, i) => i !== axis).join(" × ");
      if (!isVocabulary || others(first.shape) !== others(given.shape)) {
        throw new CheckpointError(
          `found \`${name}\` of [${given.shape.join(", ")}] to begin with, expected [${first.shape.join(", ")}]: begin with a model of the same build, or without --from`,
        );
      }
      return [name, rearranged(given, first, axis)];
    }),
  );
  const newTokens = names.filter((_, token) => source[token] < 0);
  return { parameters, newTokens, newParameters };

  /** Where both vocabularies are of one size, tokens may still stand in other places. */
  function axisOfTokens(shape: readonly number[]): number {
    return source.every((token, i) => token === i) ? -1 : shape.indexOf(names.length);
  }

  function rearranged(given: NamedArray, first: NamedArray, axis: number): NamedArray {
    const inner = first.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const outer = first.shape.slice(0, axis).reduce((product, size) => product * size, 1);
    const [had, has] = [given.shape[axis], first.shape[axis]];
    const data = first.data.slice();
    for (let o = 0; o < outer; o++) {
      for (const [token, old] of source.entries()) {
        if (old < 0) continue;
        const at = (o * had + old) * inner;
        data.set(given.data.subarray(at, at + inner), (o * has + token) * inner);
      }
    }
    return { shape: first.shape, data };
  }
}

const namesOf = ({ fields, describe }: Representation): readonly string[] =>
  fields.flatMap(({ size }, field) =>
    Array.from({ length: size }, (_, token) => `${field} ${describe(token, field)}`),
  );
