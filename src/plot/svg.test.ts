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
  for (const [, slash, name, attributes] of xml.matchAll(/<(\/?)([a-z]+)((?: [\w-]+="[^"<]*")*)(?=\/?>)/g)) {
    if (slash === "/") expect(open.pop()).toBe(name);
    else open.push(name);
    expect(attributes).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
  }
  const selfClosed = [...xml.matchAll(/\/>/g)].length;
  expect(open.filter((name) => name === "svg" || name === "text")).toEqual([]);
  return open.slice(selfClosed);
}
