/** @file What tracking asks of the machine: files that grow. A Platform's store is one. */
export interface TrackingStore {
  stat(path: string): Promise<{ readonly kind: "file" | "folder" } | undefined>;
  read(path: string): Promise<Uint8Array>;
  /** Puts the whole file in place in one step, or leaves the old one. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end; a kill may cut what is added. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  list(folder: string): Promise<readonly { readonly path: string }[]>;
}
