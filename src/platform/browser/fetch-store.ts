/** @file Files of a web site, by their addresses: what reading a model asks of it. */
import { StorageError } from "../../util/errors.ts";

interface WebStore {
  stat(address: string): Promise<{ readonly kind: "file" } | undefined>;
  read(address: string): Promise<Uint8Array>;
}

/** @throws StorageError where the network or the server refuses */
export const fetchStore: WebStore = {
  async stat(address) {
    // Checkpoints that are being written are on disks; a site that answers everything with a page would seem to have one.
    if (address.endsWith(".pending")) return undefined;
    const response = await ask(address, { method: "HEAD" });
    if (response.status === 404 || response.status === 410) return undefined;
    return expectOk(address, response) && { kind: "file" };
  },
  async read(address) {
    const response = await ask(address, {});
    expectOk(address, response);
    return new Uint8Array(await response.arrayBuffer());
  },
};

async function ask(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    throw new StorageError(
      `Cannot read ${address}: it cannot be reached, or its server does not permit this page to; check the address, and the network`,
      address,
      { cause: error },
    );
  }
}

function expectOk(address: string, { ok, status }: Response): true {
  if (ok) return true;
  throw new StorageError(`Cannot read ${address}: the server answers ${status}; check the address`, address);
}

/** SHA-256 in lower-case hexadecimal. @throws StorageError where the page is not served safely */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!self.isSecureContext) {
    throw new StorageError(
      `Cannot check what was read: browsers compute checksums for https:// and localhost alone; serve the page of ${self.location.href} so`,
      self.location.href,
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
