/** @module `prepare`: MIDI files → a corpus. */
export { type ComposerRow, listComposers } from "./composers.ts";
export { type PrepareInput, type PrepareOptions, prepareSchema } from "./options.ts";
export { type Prepared, prepare } from "./prepare.ts";
export type { PrepareReport } from "./report.ts";
