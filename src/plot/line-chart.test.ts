/** @file Line charts: nothing is drawn outside the frame, gaps stay gaps, and words tell what the lines show. */
import { describe, expect, it } from "vitest";
import { ink } from "./frame.ts";
import { lineChart } from "./line-chart.ts";
import { toPng } from "./png.ts";
import { mostSeries, type Series, seriesColour, seriesMark, thinned } from "./series.ts";
import { toSvg } from "./svg.ts";
import { terminalLines } from "./terminal-lines.ts";

const falling: Series = {
  name: "train",
  x: Array.from({ length: 200 }, (_, i) => 10 * (i + 1)),
  y: Array.from({ length: 200 }, (_, i) => (i < 3 ? 9 - i : 2 + 1 / (i + 1))),
};
const chart = (series: readonly Series[], focused = true) =>
  lineChart({ title: "A run", xLabel: "step", panels: [{ title: "loss", focused, series }] });
const pieces = (series: readonly Series[]) =>
  chart(series, false).items.flatMap((item) => (item.kind === "polyline" ? [item.points] : []));

describe("lineChart", () => {
  it("draws no point outside the picture, and none of a line above its frame", () => {
    const { items } = chart([falling]);
    const [ground] = items.flatMap((item) => (item.kind === "rect" && item.fill === ink.panel ? [item] : []));
    const lines = items.flatMap((item) => (item.kind === "polyline" ? [item.points] : []));
    expect(lines.length).toBe(1);
    for (const points of lines) {
      for (let i = 0; i < points.length; i += 2) {
        expect(points[i]).toBeGreaterThanOrEqual(ground.x);
        expect(points[i]).toBeLessThanOrEqual(ground.x + ground.width);
        expect(points[i + 1]).toBeGreaterThanOrEqual(ground.y);
        expect(points[i + 1]).toBeLessThanOrEqual(ground.y + ground.height);
      }
    }
    const texts = items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
    expect(texts).toContain("loss (up to 9, above the frame)");
    expect(texts).toEqual(expect.arrayContaining(["A run", "train", "step", "0", "1000", "2000"]));
  });

  it("leaves a gap where a number is none", () => {
    const y = [3, 2, Number.NaN, 2, 1, Number.POSITIVE_INFINITY, 1];
    expect(pieces([{ name: "a", x: y.map((_, i) => i), y }]).map(({ length }) => length)).toEqual([4, 4, 2]);
  });

  it("begins another row of names where the first is full", () => {
    const names = Array.from({ length: mostSeries }, (_, i) => `a run with a rather long name, number ${i}`);
    const { width, items } = chart(names.map((name) => ({ ...falling, name })));
    const places = items.flatMap((item) => (item.kind === "text" && names.includes(item.text) ? [item] : []));
    expect(places.length).toBe(mostSeries);
    for (const { x, text } of places) expect(x + text.length * 7).toBeLessThanOrEqual(width);
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(mostSeries);
  });

  it("says in words what it shows, and is a PNG too", () => {
    const scene = chart([falling, { name: "<validation>", x: [], y: [] }]);
    const svg = toSvg(scene);
    expect(svg).toContain(' role="img">\n<title>A run</title>\n<desc>loss: train goes from 9 at 10 to 2.005');
    expect(svg).toContain("&lt;validation&gt; has no points.");
    expect(toPng(scene).subarray(1, 4)).toEqual(new TextEncoder().encode("PNG"));
  });
});

describe("series", () => {
  it("are told apart by colours and by marks", () => {
    const indices = Array.from({ length: mostSeries }, (_, i) => i);
    expect(new Set(indices.map(seriesColour)).size).toBe(mostSeries);
    expect(new Set(indices.map(seriesMark)).size).toBe(mostSeries);
  });

  it("are thinned to means", () => {
    const thin = thinned({ name: "a", x: [1, 2, 3, 4], y: [1, 3, 5, 7] }, 2);
    expect(thin).toEqual({ name: "a", x: [1.5, 3.5], y: [2, 6] });
  });
});

describe("terminalLines", () => {
  it("draws marks, ticks and names, within its width", () => {
    const first = { name: "one", x: [0, 50, 100], y: [4, 2, 1] };
    const second = { name: "two", x: [0, 100], y: [1, 3] };
    const lines = terminalLines({ title: "loss", series: [first, second] }, "step", { width: 40, height: 8 });
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "loss   • one   × two
             4 ┤••
               │  •••
               │     ••••                   ××
               │         •••          ××××××
               │            ••• ××××××
             2 ┤          ××××××••••
               │    ××××××          •••••••
               │××××                       •••
               └┴──────────────┴─────────────┴
                0             50           100
                                          step"
    `);
    for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("says by colour what it says by marks", () => {
    const panel = { title: "loss", series: [falling] };
    const coloured = terminalLines(panel, "step", { color: true }).join("\n");
    expect(coloured).toContain("\u001b[38;5;74m•");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
    expect(coloured.replace(/\u001b\[[\d;]*m/g, "")).toBe(terminalLines(panel, "step").join("\n"));
  });

  it("bears a series without points", () => {
    const lines = terminalLines({ title: "loss", series: [{ name: "none", x: [], y: [] }] }, "step");
    expect(lines[0]).toBe("loss   • none");
  });
});
