/** @file Characters of a terminal with their attributes, joined to lines. */

const reset = "\u001b[0m";

/** One character and the attributes of its escape sequence; plain text has none. */
export interface Cell {
  readonly character: string;
  readonly style: string;
}

export function unstyled(character: string): Cell {
  return { character, style: "" };
}

export function plain(cells: readonly Cell[]): string {
  return cells.map(({ character }) => character).join("");
}

/** An escape sequence wherever the style changes; the line ends as it began. */
export function styled(cells: readonly Cell[]): string {
  let text = "";
  let current = "";
  for (const { character, style } of cells) {
    if (style !== current) text += (current && reset) + (style && `\u001b[${style}m`);
    current = style;
    text += character;
  }
  return current === "" ? text : text + reset;
}
