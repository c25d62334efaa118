/** @file Colours for charts on white paper: what is printed beside text, and shown on pages light and dark. */
import type { Colour } from "./scene.ts";

export const paperInk = Object.freeze({
  page: "#ffffff",
  line: "#c9ccd3",
  faintLine: "#e9ebef",
  text: "#1c1f26",
  mutedText: "#5d6370",
  /** Whatever the rest is measured against. */
  reference: "#d4d8df",
  /** What has to be beaten. */
  noise: "#84694f",
});

/**
 * Okabe and Ito's colours again, without those that white paper swallows.
 * Source: Okabe and Ito 2008, "Color Universal Design", https://jfly.uni-koeln.de/color/.
 */
const colours: readonly Colour[] = ["#0072b2", "#d55e00", "#009e73", "#a8457f", "#b07800", "#2f8fc4"];

export const paperSeriesColour = (index: number): Colour => colours[index % colours.length];
