/** @file Doing what a foreign line stands for: copies, our commands one after the other, and the files that were promised. */
import type { Platform } from "../../platform/platform.ts";
import { invariant, UsageError, UserError } from "../../util/errors.ts";
import type { Piece } from "../generate/index.ts";
import { writePointer } from "../model/index.ts";
import type { NativeStep } from "./native.ts";
import { type PerformOptions, perform, type StepResult } from "./perform.ts";
import type { Resolved } from "./resolve.ts";

export interface RunOptions extends PerformOptions {
  /** Told of each step when it begins, and when it is done. */
  stepping?(step: NativeStep): void;
  stepped?(step: NativeStep, result: StepResult): void;
}

/**
 * Does it all. What has been done before something fails stays, as it does with the line itself.
 *
 * @throws what the workflows throw; UsageError for a copy that would replace another file
 */
export async function run(
  platform: Platform,
  resolved: Resolved,
  options: RunOptions,
): Promise<readonly StepResult[]> {
  const { store } = platform;
  for (const { from, to } of resolved.copies) await store.write(to, await store.read(from));
  for (const [path, text] of Object.entries(resolved.texts)) {
    await store.write(path, new TextEncoder().encode(text));
  }
  const promise = async () => {
    for (const { path, rubato: _, ...pointer } of resolved.pointers) await writePointer(store, path, pointer);
  };
  const results: StepResult[] = [];
  for (const step of resolved.native) {
    options.stepping?.(step);
    const result = await performStep(platform, step, options, promise);
    results.push(result);
    options.stepped?.(step, result);
    if (options.signal?.aborted) break;
  }
  refuseWhereAllWere(results);
  // What was stopped before it came to its model has nothing to point to.
  if (results.length === resolved.native.length) await promise();
  if (resolved.log !== undefined) await writeLog(platform, resolved.log, resolved, results);
  return results;
}

async function performStep(
  platform: Platform,
  step: NativeStep,
  options: RunOptions,
  promise: () => Promise<void>,
): Promise<StepResult> {
  try {
    return await named(platform, step, await performTraining(platform, step, options, promise));
  } catch (error) {
    if (step.isOneOfMany !== true || !(error instanceof UserError)) throw error;
    return { kind: "refusal", value: { file: inputOf(step), why: error.message } };
  }
}

const inputOf = ({ options: { input = "" } }: NativeStep) => String(input);

function refuseWhereAllWere(results: readonly StepResult[]): void {
  const [first] = results;
  if (first?.kind !== "refusal" || results.some(({ kind }) => kind !== "refusal")) return;
  throw new UsageError(
    `found ${results.length} files and could use none of them; the first, ${first.value.file}: ${first.value.why}`,
  );
}

/** A training that is killed leaves its promised files behind, too: they are written once it has begun. */
async function performTraining(
  platform: Platform,
  step: NativeStep,
  options: RunOptions,
  promise: () => Promise<void>,
): Promise<StepResult> {
  if (step.workflow !== "train") return perform(platform, step, options);
  let promised: Promise<void> | undefined;
  try {
    return await perform(platform, step, {
      ...options,
      begun(about) {
        promised = promise();
        // Looked at when training is over; until then nobody waits for it.
        promised.catch(() => undefined);
        options.begun?.(about);
      },
    });
  } finally {
    await promised;
  }
}

/** Pieces take the names that the line promised. */
async function named({ store }: Platform, { names }: NativeStep, result: StepResult): Promise<StepResult> {
  if (names === undefined || result.kind !== "music") return result;
  const pieces: Piece[] = [];
  for (const [i, piece] of result.value.pieces.entries()) {
    const midi = names[i];
    invariant(midi, "there is a name for every piece");
    const wav = piece.wav === null ? null : midi.replace(/\.midi?$/i, ".wav");
    await moveTo(store, piece.midi, midi);
    if (piece.wav !== null && wav !== null) await moveTo(store, piece.wav, wav);
    pieces.push({ ...piece, midi, wav });
  }
  return { kind: "music", value: { ...result.value, pieces } };
}

async function moveTo(store: Platform["store"], from: string, to: string): Promise<void> {
  if (from === to) return;
  if ((await store.stat(to))?.kind === "folder") {
    throw new UsageError(`found a folder at ${to}, expected nothing there: move it elsewhere`);
  }
  await store.rename(from, to);
}

async function writeLog(
  { store }: Platform,
  path: string,
  { typed, native, remarks }: Resolved,
  results: readonly StepResult[],
): Promise<void> {
  const told = results.map((result) => `${result.kind}: ${JSON.stringify(result.value)}`);
  const lines = [typed, ...native.map(({ line }) => line), ...remarks, ...told];
  await store.write(path, new TextEncoder().encode(`${lines.join("\n")}\n`));
}
