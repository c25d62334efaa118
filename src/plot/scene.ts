/** @file Scene: a picture as a list of things to draw, the later over the earlier. Pixels, y downwards. */

/** "#rrggbb". */
export type Colour = string;

export interface Rect {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: Colour;
  /** 0 to 1; 1 if left out. */
  readonly opacity?: number;
}

export interface Line {
  readonly kind: "line";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly stroke: Colour;
  /** Thickness; 1 if left out. */
  readonly width?: number;
  readonly opacity?: number;
}

export interface Polyline {
  readonly kind: "polyline";
  /** x and y in turn. */
  readonly points: readonly number[];
  readonly stroke: Colour;
  readonly width?: number;
  readonly opacity?: number;
}

export interface Text {
  readonly kind: "text";
  readonly text: string;
  /** Where the text begins, has its middle or ends, as `anchor` says. */
  readonly x: number;
  /** The line on which the letters stand. */
  readonly y: number;
  /** Height of the font; capitals are seven tenths of it. */
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly fill: Colour;
}

export type Item = Rect | Line | Polyline | Text;

export interface Scene {
  /** Whole pixels. */
  readonly width: number;
  readonly height: number;
  /** For whoever does not see the picture: what it is called, and what it shows. */
  readonly title?: string;
  readonly description?: string;
  readonly background: Colour;
  readonly items: readonly Item[];
}
