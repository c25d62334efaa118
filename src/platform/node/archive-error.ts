/** @file What can be wrong with an archive. */
import { UserError } from "../../util/errors.ts";

/** The archive cannot be read, or is not to be trusted. `entry` is the name of the culprit inside, if one is. */
export class ArchiveError extends UserError {
  readonly archive: string;
  readonly entry: string | undefined;

  constructor(
    archive: string,
    entry: string | undefined,
    found: string,
    advice: string,
    options?: { cause?: unknown },
  ) {
    const where = entry === undefined ? archive : `${archive}, entry ${JSON.stringify(entry)}`;
    super(`${where}: ${found}; ${advice}`, options);
    this.archive = archive;
    this.entry = entry;
  }
}

/** Advice for what only a transmission error or malice explains. */
export const fetchAgain = "fetch the archive again from where it is published";
