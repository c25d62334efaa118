/** @module ONNX as plain data, and as bytes. */
export { decodeModel, OnnxError } from "./decode.ts";
export { encodeModel } from "./encode.ts";
export * from "./model.ts";
