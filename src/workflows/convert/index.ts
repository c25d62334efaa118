/** @module `convert`: music from one file format to another. */
export { type Converted, convert } from "./convert.ts";
export { type ConvertInput, type ConvertOptions, convertSchema } from "./options.ts";
