/** @file The house as a test: which room may import which, read from every import in src/. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** A room may import itself and the rooms named here. A new line is a decision: docs/decisions/. */
const house: Readonly<Record<string, readonly string[]>> = {
  util: [],
  music: ["util"],
  midi: ["music", "util"],
  representations: ["music", "util"],
  controls: ["representations", "music", "util"],
  corpus: ["controls", "representations", "midi", "music", "util"],
  metrics: ["music", "util"],
  originality: ["music", "util"],
  plot: ["music", "util"],
  onnx: ["util"],
  graph: ["onnx", "util"],
  nn: ["graph", "util"],
  optim: ["graph", "util"],
  models: ["nn", "graph", "onnx", "util"],
  runtime: ["graph", "onnx", "util"],
  generation: ["checkpoint", "models", "runtime", "representations", "graph", "music", "util"],
  training: ["checkpoint", "corpus", "models", "nn", "optim", "runtime", "graph", "util"],
  evaluation: [
    "metrics",
    "generation",
    "training",
    "corpus",
    "models",
    "nn",
    "optim",
    "runtime",
    "representations",
    "graph",
    "music",
    "util",
  ],
  tracking: ["plot", "util"],
  audio: ["midi", "music", "util"],
  checkpoint: ["controls", "models", "representations", "util"],
  platform: ["runtime", "onnx", "graph", "util"],
  "platform/node": ["platform", "runtime", "onnx", "graph", "util"],
  "platform/browser": ["platform", "runtime", "onnx", "graph", "util"],
  workflows: [
    "evaluation",
    "generation",
    "training",
    "tracking",
    "audio",
    "checkpoint",
    "models",
    "optim",
    "onnx",
    "runtime",
    "corpus",
    "controls",
    "representations",
    "plot",
    "midi",
    "metrics",
    "originality",
    "music",
    "platform",
    "util",
  ],
  cli: [
    "models",
    "optim",
    "workflows",
    "controls",
    "metrics",
    "representations",
    "plot",
    "midi",
    "music",
    "platform",
    "platform/node",
    "util",
  ],
};

/** Packages that only some rooms may use; the others are for none but the command line. */
const packages: Readonly<Record<string, readonly string[]>> = {
  zod: [
    "util",
    "music",
    "representations",
    "controls",
    "metrics",
    "originality",
    "corpus",
    "optim",
    "models",
    "checkpoint",
    "generation",
    "platform/node",
    "workflows",
    "cli",
  ],
  fflate: ["midi", "workflows"],
  "fast-png": ["plot"],
  "stb-vorbis": ["audio"],
  "wasm-media-encoders": ["audio"],
  papaparse: ["corpus"],
  yaml: ["workflows"],
  "fastest-levenshtein": ["util"],
  piscina: ["platform/node"],
  yauzl: ["platform/node"],
  "onnxruntime-node": ["platform/node"],
  "onnxruntime-web": ["platform/browser"],
  commander: ["cli"],
  picocolors: ["cli"],
};

/** What is imported from outside: each joins rooms for those who come in, and nobody inside imports it. */
const doors: readonly string[] = ["browser.ts", "index.ts", "node.ts"];

const root = fileURLToPath(new URL("../src", import.meta.url));

interface Import {
  readonly from: string;
  readonly room: string;
  readonly target: string;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.endsWith(".d.ts"))
  .map((file) => file.split(sep).join("/"));

/** The longest room that a file lies in. */
function roomOf(file: string): string | undefined {
  const rooms = Object.keys(house).filter((room) => file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0];
}

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const targets = [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()\s*"([^"]+)"/g)].map(
    ([, target]) => target,
  );
  return targets.map((target) => ({ from: file, room: roomOf(file) ?? file, target }));
});

const targetFile = ({ from, target }: Import) =>
  relative(root, join(root, dirname(from), target))
    .split(sep)
    .join("/");

describe("the house", () => {
  it("has every file in a room, or at the door", () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual(doors);
  });

  it("imports only downwards", () => {
    const wrong = imports.flatMap((each) => {
      if (!each.target.startsWith(".") || doors.includes(each.room)) return [];
      const target = roomOf(targetFile(each)) ?? targetFile(each);
      const allowed = target === each.room || (house[each.room] ?? []).includes(target);
      return allowed ? [] : [`${each.from} imports ${target}`];
    });
    expect(wrong).toEqual([]);
  });

  it("has no two rooms that want each other", () => {
    const reach = (room: string): Set<string> =>
      new Set((house[room] ?? []).flatMap((below) => [below, ...reach(below)]));
    for (const room of Object.keys(house)) expect([...reach(room)]).not.toContain(room);
  });

  it("keeps packages where they are needed, and Node's own in Node's rooms", () => {
    const wrong = imports.flatMap((each) => {
      if (each.target.startsWith(".")) return [];
      const name = each.target.startsWith("node:") ? "node:" : each.target.replace(/^([^@/]+)\/.*/, "$1");
      const rooms = name === "node:" ? ["platform/node", "cli"] : (packages[name] ?? []);
      return rooms.includes(each.room) ? [] : [`${each.from} imports ${each.target}`];
    });
    expect(wrong).toEqual([]);
  });

  it("says in the first line of every file what it is", () => {
    const silent = files.filter(
      (file) => !/^(#!.*\n)?\/\*\*\s*(\n \* )?@(file|module) /.test(readFileSync(join(root, file), "utf8")),
    );
    expect(silent).toEqual([]);
  });

  it("keeps files short: past 400 lines there is a second idea", () => {
    const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 400);
    expect(long).toEqual([]);
  });
});
