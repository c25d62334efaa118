/** @file Markup from templates, in which whatever is put in is escaped unless it is markup itself. */
import { escapeMarkup } from "../../../util/markup.ts";
import { plainText } from "../../../util/text.ts";

export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, i) => (i === 0 ? "" : written(parts[i - 1])) + text).join("") };
}

/** What is known to be markup: our own styles and scripts, and pictures. */
export const trusted = (markup: string): Markup => ({ markup });

export const nothing: Markup = trusted("");

function written(part: Part): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeMarkup(plainText(part));
  if ("markup" in part) return part.markup;
  return part.map(({ markup }) => markup).join("\n");
}
