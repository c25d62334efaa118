/** @file What sound refuses. */
import { UserError } from "../util/errors.ts";

/** Music that cannot be made to sound, or a sample that cannot be read. */
export class AudioError extends UserError {}
