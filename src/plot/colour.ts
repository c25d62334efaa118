/** @file Colours of loudness: equal steps of velocity look like equal steps of light, in grey and to the colour-blind. */

import type { Colour } from "./scene.ts";

/** Soft notes are dark violet, loud ones bright yellow, by way of magenta and orange; drums are green. */
export function noteColour(velocity: number, isDrum: boolean): Colour {
  return isDrum ? drumRamp[velocity] : velocityRamp[velocity];
}

const velocityRamp = ramp((share) => ({
  lightness: 0.4 + 0.54 * share,
  // The screen shows more colour in the magenta of the middle than at either end.
  chroma: 0.14 + 0.06 * Math.sin(Math.PI * share),
  hue: -80 + 185 * share,
}));

/** From dark to bright too. */
const drumRamp = ramp((share) => ({ lightness: 0.4 + 0.5 * share, chroma: 0.09, hue: 165 }));

interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  /** Degrees. */
  readonly hue: number;
}

/** Few notes of any pianist lie beyond 16 and 112; the colours are kept for those between. */
function ramp(colourAt: (share: number) => Oklch): readonly Colour[] {
  const shareOf = (velocity: number) => Math.min(1, Math.max(0, (velocity - 16) / 96));
  return Array.from({ length: 128 }, (_, velocity) => hexOf(colourAt(shareOf(velocity))));
}

/** Oklab, whose steps look equal: Björn Ottosson 2020, https://bottosson.github.io/posts/oklab/. */
function hexOf({ lightness, chroma, hue }: Oklch): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${linear.map((part) => byteOf(part).toString(16).padStart(2, "0")).join("")}`;
}

/** The curve of sRGB; what the screen cannot show is cut off. */
function byteOf(linear: number): number {
  const part = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055));
}

/** Red, green and blue, 0 to 255. */
export function channelsOf(colour: Colour): readonly [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const cubeLevels = [0, 95, 135, 175, 215, 255];

/** The nearest colour of the terminal's 6 × 6 × 6 cube, 16 to 231. */
export function ansi256(colour: Colour): number {
  const [red, green, blue] = channelsOf(colour).map((part) =>
    cubeLevels.reduce(
      (best, level, i) => (Math.abs(level - part) < Math.abs(cubeLevels[best] - part) ? i : best),
      0,
    ),
  );
  return 16 + 36 * red + 6 * green + blue;
}
