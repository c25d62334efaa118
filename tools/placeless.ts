/** @file Command lines as cards and checkpoints that ship have them: where things lay on some machine is of no use to others. */

/** Absolute paths without the folders above. */
export function placeless(typed: string): string {
  return typed.replaceAll(/(?<![\w.])\/(?:[^/\s]+\/)*(?=[^/\s]+)/g, "");
}
