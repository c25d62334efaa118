/** @file Text from files that do not say how it is written, and text that is safe to print. */

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/** UTF-8 where the bytes are valid UTF-8, Latin-1 otherwise: what texts in MIDI files are, mostly. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** One line without what steers a terminal: names in files may hold escape sequences, and marks that turn text around. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** "maximumNoteSeconds" as an option is typed: "maximum-note-seconds". */
export const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
