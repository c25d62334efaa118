/** @file The formats there are, and which one a file's name says. One file and one line each. */
import type { FileFormat } from "./format.ts";
import { midiFormat } from "./midi.ts";
import { noteSequenceFormat } from "./note-sequence.ts";
import { tokensFormat } from "./tokens.ts";

const formats: readonly FileFormat[] = [midiFormat, noteSequenceFormat, tokensFormat];

/** The ending of a name in lower case, without .gz. */
function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.gz$/i, "");
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot).toLowerCase();
}

/** The format that a file's name says, whatever is in it. */
export function formatOf(path: string): FileFormat | undefined {
  const ending = endingOf(path);
  return formats.find(({ endings, readOnly }) => endings.includes(ending) || readOnly.includes(ending));
}

/** Whether a file's name says that it can be written as well as read. */
export function isWritable(path: string): boolean {
  return formatOf(path)?.endings.includes(endingOf(path)) ?? false;
}

/** Endings for people: ".mid .midi .json .txt". */
export function knownEndings({ writable }: { readonly writable: boolean }): string {
  return formats
    .flatMap(({ endings, readOnly }) => (writable ? endings : [...endings, ...readOnly]))
    .join(" ");
}
