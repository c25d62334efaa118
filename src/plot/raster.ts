/** @file A scene as pixels: edges and strokes are smooth by the share of each pixel that they cover. */

import { channelsOf } from "./colour.ts";
import { ascent, layOut } from "./font.ts";
import type { Colour, Line, Polyline, Rect, Scene, Text } from "./scene.ts";

/** Red, green and blue of each pixel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export function rasterise(scene: Scene): Raster {
  const { width, height } = scene;
  const raster = { width, height, pixels: new Uint8Array(width * height * 3) };
  fillRect(raster, { kind: "rect", x: 0, y: 0, width, height, fill: scene.background });
  const coverage = new Float32Array(width * height);
  for (const item of scene.items) {
    switch (item.kind) {
      case "rect":
        fillRect(raster, item);
        break;
      case "line":
        strokePath(raster, coverage, [item.x1, item.y1, item.x2, item.y2], item);
        break;
      case "polyline":
        strokePath(raster, coverage, item.points, item);
        break;
      case "text":
        writeText(raster, item);
        break;
    }
  }
  return raster;
}

function fillRect(raster: Raster, rect: Rect): void {
  const { fill, opacity = 1 } = rect;
  const colour = channelsOf(fill);
  const right = rect.x + rect.width;
  const bottom = rect.y + rect.height;
  for (let y = Math.max(0, Math.floor(rect.y)); y < Math.min(raster.height, bottom); y++) {
    const rowShare = opacity * overlap(y, rect.y, bottom);
    for (let x = Math.max(0, Math.floor(rect.x)); x < Math.min(raster.width, right); x++) {
      blend(raster, y * raster.width + x, colour, rowShare * overlap(x, rect.x, right));
    }
  }
}

/** How much of the pixel that begins at `pixel` lies between the two edges. */
function overlap(pixel: number, from: number, to: number): number {
  return Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
}

/** The whole path is gathered before it is painted, so that it does not darken where its segments meet. */
function strokePath(
  raster: Raster,
  coverage: Float32Array,
  points: readonly number[],
  { stroke, width = 1, opacity = 1 }: Line | Polyline,
): void {
  const touched: number[] = [];
  for (let i = 0; i + 3 < points.length; i += 2) {
    coverSegment(raster, coverage, touched, [points[i], points[i + 1], points[i + 2], points[i + 3]], width);
  }
  const colour = channelsOf(stroke);
  for (const pixel of touched) {
    blend(raster, pixel, colour, opacity * coverage[pixel]);
    coverage[pixel] = 0;
  }
}

function coverSegment(
  { width, height }: Raster,
  coverage: Float32Array,
  touched: number[],
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  thickness: number,
): void {
  const reach = thickness / 2 + 1;
  const dx = x2 - x1;
  const dy = y2 - y1;
  const squared = dx * dx + dy * dy;
  const lastY = Math.min(height - 1, Math.ceil(Math.max(y1, y2) + reach));
  const lastX = Math.min(width - 1, Math.ceil(Math.max(x1, x2) + reach));
  for (let y = Math.max(0, Math.floor(Math.min(y1, y2) - reach)); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(x1, x2) - reach)); x <= lastX; x++) {
      const px = x + 0.5 - x1;
      const py = y + 0.5 - y1;
      const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const share = Math.min(1, thickness, thickness / 2 + 0.5 - distance);
      const pixel = y * width + x;
      if (share <= coverage[pixel]) continue;
      if (coverage[pixel] === 0) touched.push(pixel);
      coverage[pixel] = share;
    }
  }
}

/** Dots are squares of whole pixels on whole pixels, which stay sharp. */
function writeText(raster: Raster, { text, x, y, size, anchor = "start", fill }: Text): void {
  const dot = Math.max(1, Math.round(size / 10));
  const { glyphs, width } = layOut(text);
  const left = Math.round(x - dot * width * { start: 0, middle: 0.5, end: 1 }[anchor]);
  const top = Math.round(y) - ascent * dot;
  for (const glyph of glyphs) {
    glyph.rows.forEach((row, i) => {
      row.forEach((ink, j) => {
        if (ink) fillDot(raster, left + (glyph.x + j) * dot, top + i * dot, dot, fill);
      });
    });
  }
}

function fillDot(raster: Raster, x: number, y: number, size: number, fill: Colour): void {
  fillRect(raster, { kind: "rect", x, y, width: size, height: size, fill });
}

function blend(
  { pixels }: Raster,
  pixel: number,
  colour: readonly [number, number, number],
  share: number,
): void {
  for (let i = 0; i < 3; i++) {
    const under = pixels[pixel * 3 + i];
    pixels[pixel * 3 + i] = Math.round(under + (colour[i] - under) * share);
  }
}
