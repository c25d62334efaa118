/** @file Keys that occur twice in one object of a JSON text, of which `JSON.parse` keeps the last without a word. */

/** The first key that its object had before, however either is escaped; of a text that is valid JSON. */
export function findDuplicateKey(json: string): string | undefined {
  /** Keys of the objects around this place; undefined for an array. */
  const around: (Set<unknown> | undefined)[] = [];
  let string = "";
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = endOfString(json, i);
      string = json.slice(i, end);
      i = end - 1;
    } else if (character === "{") around.push(new Set());
    else if (character === "[") around.push(undefined);
    else if (character === "}" || character === "]") around.pop();
    else if (character === ":") {
      const key: unknown = JSON.parse(string);
      const keys = around.at(-1);
      if (keys?.has(key)) return String(key);
      keys?.add(key);
    }
  }
  return undefined;
}

/** Where the string that begins at `start` is over. A loop, since patterns run out of stack on very long strings. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}
