/** @file How numbers, intervals and pictures are written on the page. */
import type { Estimate } from "../../../evaluation/index.ts";
import { type Scene, toSvg } from "../../../plot/index.ts";
import { html, type Markup, trusted } from "./html.ts";
import type { Legend } from "./source.ts";

export const whole = (count: number): string => count.toLocaleString("en");

/** With a minus that is as wide as a digit. */
export const fixed = (value: number, digits: number): string => value.toFixed(digits).replace("-", "−");

export const interval = ({ low, high }: Estimate, digits: number): string =>
  `${fixed(low, digits)} to ${fixed(high, digits)}`;

export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;

/** @example counted(1, "file") → "1 file"; counted(1200, "file") → "1,200 files" */
export const counted = (count: number, what: string): string =>
  `${whole(count)} ${what}${count === 1 ? "" : "s"}`;

/** Digits after the point that tell numbers of this size apart. */
export const digitsFor = (largest: number): number =>
  largest >= 100 ? 1 : largest >= 10 ? 2 : largest >= 1 ? 3 : 4;

/** Inside a page, a picture needs no name of its language, which looks like an address. */
export const picture = (scene: Scene): Markup =>
  trusted(toSvg(scene).replace(' xmlns="http://www.w3.org/2000/svg"', ""));

export const swatch = ({ colour }: Legend): Markup =>
  html`<span class="swatch" style="background:${colour}"></span>`;

/** A table that scrolls by itself where the page is narrow; the first column is text, the others are numbers. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...rest]) =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
)}
</tbody>
</table></div>`;
}
