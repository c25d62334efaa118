/** @module `inspect`: what a file of music, a corpus, or a folder or archive of MIDI files is. */
export type { CorpusFacts, CorpusInspection, SplitFacts } from "./corpus.ts";
export type { FileFacts, FileInspection } from "./file.ts";
export type { FolderFacts, FolderInspection, ListedFile } from "./folder.ts";
export { type Inspection, inspect } from "./inspect.ts";
export type { JointMusic } from "./joint.ts";
export type { MidiFacts } from "./midi-facts.ts";
export { type InspectInput, type InspectOptions, inspectSchema } from "./options.ts";
