/** @module `export`: models as files for other programs. */
export { type Exported, type ExportOptions, exportModel, exportSchema } from "./export.ts";
