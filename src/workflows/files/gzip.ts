/** @file Gzip, for text: JSON and tokens shrink to a tenth. The MIDI reader opens its own. */
import { gunzipSync, gzipSync } from "fflate";
import { messageOf, UserError } from "../../util/errors.ts";

/** As large as the largest file that is read. */
const largest = 64 * 1024 * 1024;

/** A gzip file that is damaged, or unfolds to something far too large. */
export class GzipError extends UserError {}

/** What is inside, or the bytes themselves where they are not gzipped. */
export function gunzipped(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (bytes.length < 18) throw new GzipError("found a gzip file that is cut off, expected a whole one");
  // The last four bytes say how much room is made; a file that lies comes out cut off, and its text is refused.
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(
    bytes.length - 4,
    true,
  );
  if (size > largest) {
    throw new GzipError(`found a gzip file that unfolds to ${size} bytes, expected at most ${largest}`);
  }
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new GzipError(`found a damaged gzip file (${messageOf(error)}), expected a whole one`);
  }
}

/** Without the time of day, so that the same bytes come out alike. */
export function gzipped(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { mtime: 0 });
}
