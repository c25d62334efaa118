/** @file What can be wrong with a checkpoint, and how its sentences write names and shapes. */
import { UserError } from "../util/errors.ts";
import { plainText } from "../util/text.ts";

/** A checkpoint that cannot be read or written. */
export class CheckpointError extends UserError {
  /** The file or folder it is about; undefined where the matter is values, not files. */
  readonly path: string | undefined;

  constructor(message: string, path?: string) {
    super(message);
    this.path = path;
  }
}

/** A name out of a file, made safe to print and short enough for a sentence. */
export function quoted(name: string): string {
  const plain = plainText(name);
  return plain.length > 80 ? `\`${plain.slice(0, 79)}…\`` : `\`${plain}\``;
}

/** `[2, 3]` */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
