/** @module What browsers have: a runtime, and files of web sites. */
export { fetchStore, sha256 } from "./fetch-store.ts";
export { type BrowserRuntimeOptions, createBrowserRuntime } from "./runtime.ts";
