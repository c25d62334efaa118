/** @file Errors of two sorts: the user's, with data and one sentence; and ours, which begin with "invariant:". */

/**
 * Something the user can mend. The message is one sentence: what was found, what was expected, what to do.
 * The command line prints it without a stack and leaves with `exitCode`: 1 for a failure, 2 for misuse.
 */
export abstract class UserError extends Error {
  readonly exitCode: 1 | 2 = 1;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The command or the function was called wrongly: an unknown name, options that exclude each other. */
export class UsageError extends UserError {
  override readonly exitCode = 2;
}

/** A configuration, an option or a JSON document does not fit its schema. `path` leads to the culprit. */
export class ConfigError extends UserError {
  override readonly exitCode = 2;
  readonly path: readonly PropertyKey[];

  constructor(message: string, path: readonly PropertyKey[] = []) {
    super(message);
    this.path = path;
  }
}

/** Reading or writing failed for a reason outside the program: permissions, a full disk, a broken link. */
export class StorageError extends UserError {
  readonly path: string;

  constructor(message: string, path: string, options?: { cause?: unknown }) {
    super(message, options);
    this.path = path;
  }
}

/** A failed assertion is our mistake, never the user's; it keeps its stack. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
