/** @file What can be wrong with a corpus, or with what one is made of. */
import { UserError } from "../util/errors.ts";

/** A folder that cannot become a corpus, or a corpus that cannot be read. */
export class CorpusError extends UserError {}
