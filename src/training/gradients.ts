/**
 * @file Gradients of a loss over as many micro-batches as a step has: shared out among sessions that run at the same
 * time, and brought together as the gradient of the mean over everything that counts.
 */
import { build } from "../graph/build.ts";
import { gradients as derive } from "../graph/gradient.ts";
import type { Tensor } from "../graph/tensor.ts";
import { createAccumulator } from "../optim/index.ts";
import { gradientOutputs, gradientsFrom, parameterFeeds, scalarOf } from "../runtime/feeds.ts";
import { findNonFinite } from "../runtime/non-finite.ts";
import type { NamedTensors, Runtime, Session, SessionOptions } from "../runtime/session.ts";
import { forEachConcurrently } from "../util/concurrency.ts";
import { invariant, UsageError, UserError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { requireRightGradients } from "./check-gradients.ts";

/** Part of a batch, small enough for the memory. */
export interface MicroBatch {
  readonly feeds: NamedTensors;
  /** How many predictions its loss is the mean of, so that each of them counts the same in the end. */
  readonly weight: number;
}

export interface LossAndGradients {
  /** The mean over all micro-batches, by weight; so are the metrics. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** What else was asked for, of each micro-batch in its place. */
  readonly outputs: readonly NamedTensors[];
  /** Valid until the next run. */
  readonly gradients: Parameters;
}

export interface GradientOptions extends SessionOptions {
  /** Sessions that work at the same time, each with `threads` threads. 1 unless given. */
  readonly workers?: number;
  /** Scalars that are answered beside the loss: the losses of single heads. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
  /** Tensors that are answered for each micro-batch: the states that the next window goes on from. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
}

/** A loss that is NaN or infinite, or a gradient that is. Nothing has been changed by the step. */
export class NonFiniteLossError extends UserError {
  readonly step: number;
  /** Where it begins: an input, or an operator and the type of its result. */
  readonly origin: string;

  constructor(step: number, found: string, origin: string) {
    super(
      `step ${step}: ${found}, which begins in ${origin}, expected finite numbers: lower the learning rate or clip gradients, and go on from the last checkpoint`,
    );
    this.step = step;
    this.origin = origin;
  }
}

export interface Gradients {
  /**
   * One run at a time. When it rejects, all sessions have come to rest.
   *
   * @throws NonFiniteLossError where a loss is NaN or infinite; UsageError where all weights are 0; FeedError and
   * RuntimeError as sessions do
   */
  run(parameters: Parameters, batches: readonly MicroBatch[], step: number): Promise<LossAndGradients>;
  /** Looks for the first tensor that is not finite; `found` says how it was noticed. */
  explain(
    parameters: Parameters,
    batches: readonly MicroBatch[],
    step: number,
    found: string,
  ): Promise<NonFiniteLossError>;
  dispose(): Promise<void>;
}

/**
 * Derives a loss with respect to a model's parameters and opens sessions that compute it.
 *
 * @param loss a scalar: the mean over what counts in a micro-batch
 * @throws ShapeError where the loss does not depend on a parameter; UsageError for a metric or an output called "loss"
 * @throws RuntimeError for an absent provider, or one that has been caught with wrong gradients
 */
export async function openGradients(
  runtime: Runtime,
  loss: Tensor,
  parameters: Readonly<Record<string, Tensor>>,
  { workers = 1, metrics = {}, outputs = {}, ...options }: GradientOptions = {},
): Promise<Gradients> {
  invariant(workers >= 1, "gradients need a session at least");
  if (Object.hasOwn(metrics, "loss") || Object.hasOwn(outputs, "loss"))
    throw new UsageError(
      'found a metric or an output called "loss", expected another name: the loss has this one',
    );
  await requireRightGradients(runtime, options);
  const scalars = { loss, ...metrics };
  const program = { outputs: { ...outputs, ...scalars, ...gradientOutputs(derive(loss, parameters)) } };
  const extra = Object.keys(outputs);
  const model = build(program);
  const sessions = await openAll(workers, () => runtime.open(model, options));
  const accumulator = createAccumulator();

  const opened: Gradients = {
    async run(values, batches, step) {
      invariant(batches.length > 0, "a step has a batch");
      accumulator.clear();
      let only: Parameters | undefined;
      let weight = 0;
      const sums = new Map<string, number>();
      const answers: NamedTensors[] = [];
      const feeds = parameterFeeds(values);
      await shareOut(
        sessions,
        batches,
        async (session, batch) => {
          const results = await session.run({ ...feeds, ...batch.feeds });
          const gradients = gradientsFrom(results);
          const lossNow = scalarOf(results, "loss");
          if (!Number.isFinite(lossNow))
            throw await opened.explain(values, [batch], step, `the loss is ${lossNow}`);
          return { batch, results, gradients };
        },
        ({ batch, results, gradients }) => {
          // What is whole already need not be added up; a batch of no weight is refused by the accumulator.
          if (batches.length === 1 && batch.weight > 0) only = gradients;
          else accumulator.add(gradients, batch.weight);
          weight += batch.weight;
          answers.push(Object.fromEntries(extra.map((name) => [name, results[name]])));
          for (const name of Object.keys(scalars)) {
            sums.set(name, (sums.get(name) ?? 0) + batch.weight * scalarOf(results, name));
          }
        },
      );
      const gradients = only ?? accumulator.mean();
      const { loss: mean, ...others } = Object.fromEntries(
        [...sums].map(([name, sum]) => [name, sum / weight]),
      );
      return { loss: mean, metrics: others, outputs: answers, gradients };
    },
    async explain(values, batches, step, found) {
      for (const { feeds } of batches) {
        const given = { ...parameterFeeds(values), ...feeds };
        const origin = await findNonFinite(runtime, program, given, options);
        if (origin) return new NonFiniteLossError(step, found, `${origin.name} ${origin.type}`);
      }
      const unseen = batches.length > 1 ? "the sum of micro-batches" : "a run that was finite when repeated";
      return new NonFiniteLossError(step, found, unseen);
    },
    async dispose() {
      await Promise.all(sessions.map((session) => session.dispose()));
    },
  };
  return opened;
}

/** As many sessions; where one cannot be opened, the others are closed again. */
async function openAll(count: number, open: () => Promise<Session>): Promise<readonly Session[]> {
  const attempts = await Promise.allSettled(Array.from({ length: count }, open));
  const sessions = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  if (failed === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.dispose()));
  throw failed.reason;
}

/**
 * Each session takes the next piece of work when it is free. After a failure none begins another one, and all have come
 * to rest before it is thrown. Results are taken in the order of the work, whoever is done first, for sums of floats
 * depend on their order.
 */
async function shareOut<Work, Result>(
  sessions: readonly Session[],
  work: readonly Work[],
  run: (session: Session, piece: Work) => Promise<Result>,
  take: (result: Result) => void,
): Promise<void> {
  const free = [...sessions];
  const waiting = new Map<number, Result>();
  let taken = 0;
  await forEachConcurrently(work, sessions.length, async (piece, index) => {
    const session = free.pop();
    invariant(session, "there is a session for each piece of work under way");
    waiting.set(index, await run(session, piece));
    free.push(session);
    for (let next = waiting.get(taken); next !== undefined; next = waiting.get(taken)) {
      waiting.delete(taken++);
      take(next);
    }
  });
}
