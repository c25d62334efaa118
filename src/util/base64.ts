/** @file Bytes as text for data: addresses (RFC 4648). */

/** Bytes at a time: a call takes so many arguments. A multiple of three, after which nothing has to be filled up. */
const portion = 3 * 4096;

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += portion) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + portion)));
  }
  return text;
}
