/** @module Workflows: what people ask for by name. Each takes a Platform and its options. */
export * from "./prepare/index.ts";
