/** @module What browsers have: a runtime. */
export { type BrowserRuntimeOptions, createBrowserRuntime } from "./runtime.ts";
