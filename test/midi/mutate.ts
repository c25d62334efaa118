/** @file Breaks MIDI files in the ways that disks, networks and programs do, and in a few that only malice does. */
import type { Random } from "../../src/util/random.ts";
import type { Seed } from "./seeds.ts";

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Seed[]) => Uint8Array;

const largest = 40_000;

const place = (bytes: Uint8Array, random: Random) => random.integer(bytes.length + 1);
const byte = (random: Random) => random.integer(256);
const noise = (random: Random, length: number) => Uint8Array.from({ length }, () => byte(random));

function replaced(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  const result = new Uint8Array(from + middle.length + bytes.length - to);
  result.set(bytes.subarray(0, from));
  result.set(middle, from);
  result.set(bytes.subarray(to), from + middle.length);
  return result;
}

/** A stretch of the file, mostly short. */
function stretch(bytes: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + random.integer(random.next() < 0.7 ? 16 : 2_000))];
}

/** Where chunks begin, as far as their lengths are right. */
function chunkStarts(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  for (let at = 0; at + 8 <= bytes.length && starts.length < 200; at += 8 + view.getUint32(at + 4))
    starts.push(at);
  return starts;
}

const anyOf = <Item>(items: readonly Item[], random: Random): Item => items[random.integer(items.length)];

/** Numbers at the edges of what eight, sixteen, twenty-eight and thirty-two bits hold. */
const lengths = [
  0, 1, 2, 7, 127, 128, 255, 256, 65_535, 0x0fffffff, 0x10000000, 0x7fffffff, 0x80000000, 0xffffffff,
];

export const mutations: Readonly<Record<string, Mutation>> = {
  "flip bits": (bytes, random) => {
    const result = bytes.slice();
    for (let i = random.integer(8); i >= 0 && result.length > 0; i--) {
      result[random.integer(result.length)] ^= 1 << random.integer(8);
    }
    return result;
  },
  "overwrite with noise": (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return replaced(bytes, from, to, noise(random, to - from));
  },
  "overwrite with one byte": (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return replaced(
      bytes,
      from,
      to,
      new Uint8Array(to - from).fill(anyOf([0, 0x7f, 0x80, 0x90, 0xff], random)),
    );
  },
  truncate: (bytes, random) => bytes.slice(0, place(bytes, random)),
  "cut out": (bytes, random) => replaced(bytes, ...stretch(bytes, random), new Uint8Array(0)),
  "insert noise": (bytes, random) => {
    const at = place(bytes, random);
    return replaced(bytes, at, at, noise(random, 1 + random.integer(32)));
  },
  "insert a status": (bytes, random) => {
    const at = place(bytes, random);
    return replaced(bytes, at, at, Uint8Array.of(0x80 + random.integer(128)));
  },
  "repeat a stretch": (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    const at = place(bytes, random);
    return replaced(bytes, at, at, bytes.slice(from, to));
  },
  "splice another file in": (bytes, random, others) => {
    const other = anyOf(others, random).bytes;
    const [from, to] = stretch(other, random);
    return replaced(bytes, ...stretch(bytes, random), other.slice(from, to));
  },
  "go on as another file": (bytes, random, others) => {
    const other = anyOf(others, random).bytes;
    return replaced(bytes, place(bytes, random), bytes.length, other.slice(place(other, random)));
  },
  "edit a length": (bytes, random) => {
    const starts = chunkStarts(bytes);
    if (starts.length === 0) return bytes;
    const result = bytes.slice();
    const at = anyOf(starts, random) + 4;
    const view = new DataView(result.buffer);
    const near = view.getUint32(at) + random.integer(41) - 20;
    view.setUint32(at, random.next() < 0.5 ? near >>> 0 : anyOf(lengths, random));
    return result;
  },
  "edit the header": (bytes, random) => {
    const result = bytes.slice();
    for (let at = 4; at < Math.min(14, result.length); at++)
      if (random.next() < 0.2) result[at] = byte(random);
    return result;
  },
  "repeat a chunk": (bytes, random) => {
    const starts = chunkStarts(bytes);
    if (starts.length === 0) return bytes;
    const from = anyOf(starts, random);
    const to = starts.find((start) => start > from) ?? bytes.length;
    const copies = 1 + random.integer(3);
    return Array.from({ length: copies }).reduce<Uint8Array>(
      (result) => replaced(result, to, to, bytes.slice(from, to)),
      bytes,
    );
  },
  "lengthen a number": (bytes, random) => {
    const at = place(bytes, random);
    const padding = new Uint8Array(1 + random.integer(random.next() < 0.9 ? 6 : 600));
    return replaced(bytes, at, at, padding.fill(anyOf([0x80, 0x81, 0xff], random)));
  },
};

/** One to four mutations of a seed; `names` says which. */
export function mutate(
  seeds: readonly Seed[],
  random: Random,
): { readonly bytes: Uint8Array; readonly names: readonly string[] } {
  const seed = anyOf(seeds, random);
  const names = [seed.name];
  let bytes = seed.bytes;
  for (let i = random.integer(4); i >= 0; i--) {
    const [name, mutation] = anyOf(Object.entries(mutations), random);
    bytes = mutation(bytes, random, seeds).slice(0, largest);
    names.push(name);
  }
  return { bytes, names };
}
