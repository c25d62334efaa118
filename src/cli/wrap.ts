/** @file Sentences broken into lines. */
import { plainText } from "../util/text.ts";

/** Broken between words; words that are too long for a line are broken anywhere. */
export function wrap(sentence: string, width: number, indent: string): string[] {
  const room = width - indent.length;
  const pieces = plainText(sentence).match(new RegExp(`\\S{1,${room}}`, "gu")) ?? [];
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= room)
      lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines.map((line) => indent + line);
}
