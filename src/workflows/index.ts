/** @module Workflows: what people ask for by name. Each takes a Platform and its options. */
export * from "./compare/index.ts";
export * from "./compat/index.ts";
export * from "./convert/index.ts";
export * from "./device/index.ts";
export * from "./doctor/index.ts";
export * from "./evaluate/index.ts";
export * from "./export/index.ts";
export * from "./generate/index.ts";
export * from "./inspect/index.ts";
export * from "./listen-test/index.ts";
export * from "./model/index.ts";
export * from "./originality/index.ts";
export * from "./prepare/index.ts";
export * from "./render/index.ts";
export * from "./runs/index.ts";
export * from "./score/index.ts";
export * from "./train/index.ts";
