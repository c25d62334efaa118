/** @file The work of a worker thread: one file's bytes become a piece. */
import { type PieceRequest, type PieceResult, readPiece } from "../../corpus/piece.ts";
import type { Task } from "../../platform/platform.ts";

export default readPiece;

export const pieceTask: Task<PieceRequest, PieceResult> = { url: import.meta.url, run: readPiece };
