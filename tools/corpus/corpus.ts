/** @file The files of the project's own corpus: every piece in its interpretations, and the table that names them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { midiFromPerformance, writeMidi } from "../../src/midi/index.ts";
import { writeEtudes } from "./etudes.ts";
import { parseScore } from "./notation.ts";
import { playPiece } from "./render.ts";
import type { WrittenPiece } from "./score.ts";

/** Interpretations of a written piece; of an étude there is one. */
const takes = 2;

export interface NamedPiece {
  /** Path without ending: `beethoven/ode-to-joy`. */
  readonly path: string;
  readonly takes: number;
  readonly piece: WrittenPiece;
}

/** All pieces: those written in `folder`, by name, then the études. */
export function readPieces(folder: string): readonly NamedPiece[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  const written = names.sort().map((name): NamedPiece => {
    const piece = parseScore(name, readFileSync(join(folder, name), "utf8"));
    return { path: `${slug(lastWord(piece.composer))}/${name.replace(/\.txt$/, "")}`, takes, piece };
  });
  const etudes = writeEtudes("rubato").map((piece): NamedPiece => {
    return { path: `etudes/${slug(piece.key)}`, takes: 1, piece };
  });
  return [...written, ...etudes];
}

/** Bytes by path, relative to `examples/corpus`. */
export function makeCorpus(pieces: readonly NamedPiece[]): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const rows = ["file,composer,title"];
  for (const { path, takes: count, piece } of pieces) {
    for (let take = 1; take <= count; take++) {
      const file = `midi/${path}${count > 1 ? `-take${take}` : ""}.mid`;
      const performance = playPiece(piece, `${path} ${take}`);
      files.set(file, writeMidi(midiFromPerformance(performance, { title: piece.title })));
      rows.push([file, piece.composer, piece.title].map(quote).join(","));
    }
  }
  files.set("pieces.csv", new TextEncoder().encode(`${rows.join("\n")}\n`));
  return files;
}

const quote = (cell: string) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const lastWord = (text: string) => text.slice(text.lastIndexOf(" ") + 1);

/** Lower case, ASCII: what a file may be called everywhere. */
function slug(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll("#", " sharp")
    .replace(/[^\x20-\x7e]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
