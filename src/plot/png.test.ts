import { decode } from "fast-png";
import { expect, test } from "vitest";
import { toPng } from "./png.ts";
import { rasterise } from "./raster.ts";
import type { Item, Scene } from "./scene.ts";

function sceneOf(width: number, height: number, items: readonly Item[]): Scene {
  return { width, height, background: "#000000", items };
}

/** The red of each pixel, row by row. */
function reds(scene: Scene): readonly (readonly number[])[] {
  const { width, height, pixels } = rasterise(scene);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => pixels[3 * (y * width + x)]),
  );
}

function dots(scene: Scene): string {
  return reds(scene)
    .map((row) => row.map((red) => (red > 0 ? "#" : ".")).join(""))
    .join("\n");
}

test("what is encoded is decoded again", () => {
  const scene = sceneOf(3, 2, [{ kind: "rect", x: 1, y: 1, width: 2, height: 1, fill: "#ff8001" }]);
  const { width, height, channels, data } = decode(toPng(scene));
  expect([width, height, channels]).toEqual([3, 2, 3]);
  expect(Array.from(data)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 128, 1, 255, 128, 1]);
});

test("a rectangle colours a pixel by the share of it that it covers", () => {
  const rect = { kind: "rect", x: 0.5, y: 0.75, width: 1.25, height: 1.25, fill: "#ff0000" } as const;
  const shares = [
    [0.125, 0.1875, 0],
    [0.5, 0.75, 0],
    [0, 0, 0],
  ];
  const expected = shares.map((row) => row.map((share) => Math.round(share * 255)));
  expect(reds(sceneOf(3, 3, [rect]))).toEqual(expected);
  expect(reds(sceneOf(1, 1, [{ ...rect, x: 0, y: 0, opacity: 0.4 }]))).toEqual([[102]]);
});

test("what lies outside is cut off", () => {
  const items: readonly Item[] = [
    { kind: "rect", x: -5, y: -5, width: 100, height: 100, fill: "#ff0000" },
    { kind: "line", x1: -10, y1: -10, x2: 20, y2: 20, stroke: "#ff0000" },
    { kind: "text", text: "far", x: -9, y: 40, size: 10, fill: "#ff0000" },
  ];
  expect(reds(sceneOf(2, 1, items))).toEqual([[255, 255]]);
});

test("a line through the middle of pixels is sharp, and a path is even where it bends", () => {
  const line = { kind: "line", x1: 0, y1: 1.5, x2: 4, y2: 1.5, stroke: "#ff0000" } as const;
  expect(reds(sceneOf(4, 3, [line]))).toEqual([
    [0, 0, 0, 0],
    [255, 255, 255, 255],
    [0, 0, 0, 0],
  ]);
  const points = [0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 0.5];
  const bent = reds(sceneOf(3, 3, [{ kind: "polyline", points, stroke: "#ff0000", opacity: 0.5 }]));
  expect(Math.max(...bent.flat())).toBe(128);
});

test("letters stand on the line and hang below it", () => {
  const text = { kind: "text", text: "Ag1 Fé", x: 1, y: 8, size: 10, fill: "#ff0000" } as const;
  expect(dots(sceneOf(36, 11, [text]))).toMatchInlineSnapshot(`
    "....................................
    ..###..........#.......#####........
    .#...#........##.......#............
    .#...#..####...#.......#......###...
    .#####.#...#...#.......####..#...#..
    .#...#.#...#...#.......#.....#####..
    .#...#.#...#...#.......#.....#......
    .#...#..####..###......#......####..
    ...........#........................
    ........###.........................
    ...................................."
  `);
});

test("text grows in whole dots and goes to the side of its anchor", () => {
  const text = { kind: "text", text: "-", x: 6, y: 14, size: 20, fill: "#ff0000" } as const;
  const row = (anchor: "start" | "middle" | "end") =>
    dots(sceneOf(13, 14, [{ ...text, anchor }])).split("\n")[6];
  expect([row("start"), row("middle"), row("end")]).toEqual([
    "......######.",
    "...######....",
    "######.......",
  ]);
});

test("printable ASCII has dots of its own, but for a few; zero looks like O", () => {
  const missing = `$\\^\`{}0`;
  const shapes = new Set<string>();
  for (let code = 33; code < 127; code++) {
    const character = String.fromCharCode(code);
    if (missing.includes(character)) continue;
    shapes.add(
      dots(sceneOf(7, 11, [{ kind: "text", text: character, x: 0, y: 8, size: 10, fill: "#ff0000" }])),
    );
  }
  expect(shapes.size).toBe(94 - missing.length);
});
