/** @file A sequence that is being made: what it has heard, and one draw at a time. */
import type { Random } from "../util/random.ts";
import { draw, logSumExp } from "./draw.ts";
import type { Listener } from "./listener.ts";
import type { Past } from "./past.ts";
import type { Processors } from "./processors/index.ts";

export interface SequenceSettings {
  readonly processors: Processors;
  /** Probability with which the likeliest event is taken. */
  readonly greedyRatio: number;
}

export class Sequence {
  readonly #settings: SequenceSettings;
  readonly #listener: Listener;
  readonly #past: Past;
  /** The last token, which the model has not heard yet. */
  #last: number;
  #modelLogLikelihood = 0;
  #logLikelihood = 0;

  /** Begin with `Sequence.begin`, which has it hear what comes before. */
  private constructor(settings: SequenceSettings, listener: Listener, past: Past, last: number) {
    this.#settings = settings;
    this.#listener = listener;
    this.#past = past;
    this.#last = last;
  }

  /**
   * A sequence that goes on after these tokens, of which there is one at least.
   *
   * @param heard is called after each of them
   * @param told what a conditioned model is told beside each of them, by place
   */
  static async begin(
    settings: SequenceSettings,
    listener: Listener,
    past: Past,
    before: Int32Array,
    heard: (count: number) => void,
    told: (place: number) => Float32Array | undefined,
  ): Promise<Sequence> {
    for (const [i, token] of before.entries()) {
      past.add(token);
      if (i < before.length - 1) await listener.hear(token, told(i));
      heard(i + 1);
    }
    return new Sequence(settings, listener, past, before[before.length - 1]);
  }

  /** One that goes on from the same past on its own. */
  copy(): Sequence {
    const same = new Sequence(this.#settings, this.#listener.copy(), this.#past.copy(), this.#last);
    same.#modelLogLikelihood = this.#modelLogLikelihood;
    same.#logLikelihood = this.#logLikelihood;
    return same;
  }

  /** Σ log p of what was drawn, p being the model's own: nothing is ruled out, and the temperature is 1. */
  get modelLogLikelihood(): number {
    return this.#modelLogLikelihood;
  }

  /** Σ log p of what was drawn, p as the processors shape it, temperature included, but cut off by none of them. */
  get logLikelihood(): number {
    return this.#logLikelihood;
  }

  /**
   * Draws the next token: one number of `random`, always. What is given is heard in place of what was drawn, and counts for no
   * likelihood.
   *
   * @param told what a conditioned model is told of the music from here on
   */
  async next(random: Random, told: Float32Array | undefined): Promise<number> {
    const { accompanist } = this.#past;
    const logits = await this.#listener.hear(this.#last, told);
    const uniform = random.next();
    const token = accompanist?.isGiven ? accompanist.hears(this.#last) : this.#draw(logits, uniform);
    this.#past.add(token);
    this.#last = token;
    return token;
  }

  #draw(logits: Float32Array, uniform: number): number {
    const { processors, greedyRatio } = this.#settings;
    const { accompanist } = this.#past;
    const modelTotal = logSumExp(logits);
    const model = Float32Array.from(logits);
    processors.shape(logits, this.#past);
    const total = logSumExp(logits);
    processors.truncate(logits, this.#past);
    const drawn = draw(logits, uniform, greedyRatio);
    const token = accompanist?.hears(drawn) ?? drawn;
    if (accompanist?.isGiven) return token;
    this.#modelLogLikelihood += model[token] - modelTotal;
    this.#logLikelihood += logits[token] - total;
    return token;
  }
}
