/** @file What the parts of a piano roll share: where time lies between left and right, and the colours of the paper. */

import type { Item } from "./scene.ts";
import type { TimeSpan } from "./time.ts";

export interface Frame extends TimeSpan {
  readonly left: number;
  readonly right: number;
}

export function xOf({ left, right, from, to }: Frame, seconds: number): number {
  return left + ((seconds - from) / (to - from)) * (right - left);
}

/** A strip under the piano roll that shares its time axis. */
export interface Lane {
  readonly label: string;
  /** A second line under the label. */
  readonly detail?: string;
  readonly height: number;
  draw(top: number): readonly Item[];
}

export const ink = Object.freeze({
  page: "#101118",
  panel: "#1c1e2a",
  blackKeyRow: "#151620",
  line: "#3c4052",
  faintLine: "#262938",
  text: "#e8e8f0",
  mutedText: "#9a9db0",
  ivory: "#e4e1d8",
  ebony: "#1d1d24",
  density: "#7f8cb5",
  pedal: "#3f9e94",
});

export const labelSize = 10;
