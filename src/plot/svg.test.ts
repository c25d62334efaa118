import { expect, test } from "vitest";
import type { Scene } from "./scene.ts";
import { toSvg } from "./svg.ts";

const scene: Scene = {
  width: 40,
  height: 30,
  background: "#000000",
  items: [
    { kind: "rect", x: 1 / 3, y: -0, width: 2, height: 3.005, fill: "#ff0000", opacity: 0.5 },
    { kind: "line", x1: 0, y1: 1, x2: 2, y2: 3, stroke: "#00ff00", width: 2 },
    { kind: "polyline", points: [0, 1, 2.5, 3], stroke: "#0000ff" },
    { kind: "text", text: `<b> & "c" 'd'\u0000\uD800`, x: 1, y: 2, size: 10, fill: "#ffffff", anchor: "end" },
  ],
};

test("every item is an element, with short numbers and escaped text", () => {
  expect(toSvg(scene)).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30" font-family="Helvetica, Arial, sans-serif">
    <rect width="40" height="30" fill="#000000"/>
    <rect x="0.33" y="0" width="2" height="3.01" fill="#ff0000" opacity="0.5"/>
    <line x1="0" y1="1" x2="2" y2="3" stroke="#00ff00" stroke-width="2"/>
    <polyline points="0 1 2.5 3" fill="none" stroke="#0000ff" stroke-linejoin="round"/>
    <text x="1" y="2" font-size="10" text-anchor="end" fill="#ffffff">&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;  </text>
    </svg>
    "
  `);
});

test("elements are opened and closed in turn", () => {
  expect(unclosed(toSvg(scene))).toEqual([]);
});

/** The elements left open, by a reader that knows tags and nothing more. */
function unclosed(xml: string): readonly string[] {
  const open: string[] = [];
  const tags = /<(?:\/([a-z]+)|([a-z]+)(?: [a-zA-Z0-9-]+="(?:[^"<&]|&(?:amp|lt|gt|quot|#39);)*")*(\/?))>/g;
  for (const [, closed, opened, selfClosing] of xml.matchAll(tags)) {
    if (closed !== undefined) expect(open.pop()).toBe(closed);
    else if (selfClosing === "") open.push(opened);
  }
  // Between the tags no character is left that means something in XML.
  expect(xml.replace(tags, "").replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[<>&]/);
  return open;
}
