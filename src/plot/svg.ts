/** @file A scene as SVG text. */

import { escapeMarkup } from "../util/markup.ts";
import type { Item, Scene } from "./scene.ts";

type Attributes = Readonly<Record<string, string | number | undefined>>;

export function toSvg({ width, height, title, description, background, items }: Scene): string {
  const root = attributes({
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${compact(width)} ${compact(height)}`,
    "font-family": "Helvetica, Arial, sans-serif",
    role: title === undefined ? undefined : "img",
  });
  const words = [
    ...(title === undefined ? [] : [`<title>${escapeXml(title)}</title>`]),
    ...(description === undefined ? [] : [`<desc>${escapeXml(description)}</desc>`]),
  ];
  const ground = `<rect${attributes({ width, height, fill: background })}/>`;
  return [`<svg${root}>`, ...words, ground, ...items.map(element), "</svg>", ""].join("\n");
}

function element(item: Item): string {
  switch (item.kind) {
    case "rect": {
      const { x, y, width, height, fill } = item;
      return `<rect${attributes({ x, y, width, height, fill, opacity: visible(item.opacity) })}/>`;
    }
    case "line": {
      const { x1, y1, x2, y2 } = item;
      return `<line${attributes({ x1, y1, x2, y2, ...stroke(item) })}/>`;
    }
    case "polyline": {
      const points = item.points.map(compact).join(" ");
      return `<polyline${attributes({ points, fill: "none", ...stroke(item), "stroke-linejoin": "round" })}/>`;
    }
    case "text": {
      const { x, y, size, anchor, fill } = item;
      const place = { x, y, "font-size": size, "text-anchor": anchor === "start" ? undefined : anchor, fill };
      return `<text${attributes(place)}>${escapeXml(item.text)}</text>`;
    }
  }
}

function stroke(item: { stroke: string; width?: number; opacity?: number }): Attributes {
  return {
    stroke: item.stroke,
    "stroke-width": item.width === 1 ? undefined : item.width,
    opacity: visible(item.opacity),
  };
}

function visible(opacity: number | undefined): number | undefined {
  return opacity === 1 ? undefined : opacity;
}

function attributes(values: Attributes): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => ` ${name}="${typeof value === "number" ? compact(value) : escapeXml(`${value}`)}"`,
    )
    .join("");
}

/** A hundredth of a pixel is more than an eye can see; thousands of notes have many digits to save. */
function compact(value: number): string {
  // Adding zero turns -0 into 0.
  return String(Math.round(value * 100) / 100 + 0);
}

/** Names in MIDI files may hold control characters, which XML forbids even when escaped. */
function escapeXml(text: string): string {
  return escapeMarkup(text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " "));
}
