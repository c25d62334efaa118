/** @file A file could not be fetched, or is not the one that was asked for. */
import { UserError } from "../../util/errors.ts";

export class DownloadError extends UserError {
  readonly url: string;

  constructor(url: string, found: string, advice: string, options?: { cause?: unknown }) {
    super(`Cannot download ${url}: ${found}; ${advice}`, options);
    this.url = url;
  }
}
