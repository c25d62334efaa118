/**
 * @file An exported model played by ONNX Runtime alone: nothing of Rubato is imported. The file's metadata says what its states
 * are and what its tokens mean.
 *
 *   npx rubato export piano
 *   node examples/06-play-an-export.mjs piano-step.onnx [events]
 */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [path, events = "64"] = process.argv.slice(2);
if (path === undefined) {
  console.error("give the file that `rubato export` wrote");
  process.exit(2);
}

/** `metadata_props` of an ONNX file: field 14 of the model, of entries with a key (1) and a value (2). */
function metadataOf(bytes) {
  const found = {};
  for (const [field, entry] of fieldsOf(bytes)) {
    if (field !== 14) continue;
    const texts = new Map([...fieldsOf(entry)].map(([part, text]) => [part, text.toString("utf8")]));
    found[texts.get(1)] = texts.get(2);
  }
  return found;
}

/** Fields of a protocol buffer that hold bytes; numbers are passed over. */
function* fieldsOf(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag & 7;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = varint();
      yield [tag >>> 3, bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

const metadata = metadataOf(readFileSync(path));
const states = Object.entries(JSON.parse(metadata["rubato.state"]));
const names = metadata["rubato.tokens"].split(" ");
const session = await InferenceSession.create(path);
const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);
const zeros = (type, shape) =>
  new Tensor(type, type === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)), shape);

/** States begin as zeros, or empty along the axis that grows. */
let state = Object.fromEntries(
  states.map(([name, { type, shape }]) => [
    name,
    zeros(
      type,
      shape.map((size) => (size === "batch" ? 1 : size === "past" ? 0 : size)),
    ),
  ]),
);

/** The results of step `step` take the place of a state, or are added along an axis; a full ring is written over. */
function updated(before, after, update, step) {
  if (update === "replace") return after;
  const { append: axis, ring } = update;
  const [outer, inner] = [before.dims.slice(0, axis), before.dims.slice(axis + 1)].map(sizeOf);
  const length = before.dims[axis];
  const isFull = ring !== undefined && length === ring;
  const room = isFull ? length : length + 1;
  const place = isFull ? step % ring : length;
  const data = new Float32Array(outer * room * inner);
  for (let row = 0; row < outer; row++) {
    data.set(before.data.subarray(row * length * inner, (row + 1) * length * inner), row * room * inner);
    data.set(after.data.subarray(row * inner, (row + 1) * inner), (row * room + place) * inner);
  }
  return new Tensor(
    "float32",
    data,
    before.dims.map((size, i) => (i === axis ? room : size)),
  );
}

/** One of the likelier tokens, by chance. */
function draw(logits) {
  const largest = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - largest));
  let left = Math.random() * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}

let token = names.indexOf("time-shift:100");
const played = [];
for (let step = 0; step < Number(events); step++) {
  const feeds = { tokens: new Tensor("int32", Int32Array.of(token), [1]) };
  for (const [name] of states) feeds[`state.${name}`] = state[name];
  const results = await session.run(feeds);
  state = Object.fromEntries(
    states.map(([name, { update }]) => [name, updated(state[name], results[`after.${name}`], update, step)]),
  );
  token = draw(results.logits.data);
  played.push(names[token]);
}
console.log(`${metadata["rubato.model"]}, ${names.length} tokens`);
console.log(played.join(" "));
