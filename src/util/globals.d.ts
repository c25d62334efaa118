/**
 * @file The few names that Node, browsers and workers all have. Everything else a platform knows reaches the
 * library as an argument.
 */

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}

declare class URL {
  constructor(url: string, base?: string | URL);
  readonly href: string;
}

interface AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

interface ImportMeta {
  readonly url: string;
}

declare function btoa(text: string): string;
