import { expect, test } from "vitest";
import { intervalChart } from "./interval-chart.ts";
import { toSvg } from "./svg.ts";

const rows = [
  { name: "first", value: 50, low: 40, high: 65, colour: "#0072b2" },
  { name: "second & last of a long row of names", value: 12, low: 10, high: 14, colour: "#d55e00" },
];
const chart = intervalChart({ title: "scores", xLabel: "points", extent: { from: 0, to: 100 }, rows });

test("a dot lies within its interval, and both where the axis says", () => {
  const dots = chart.items.flatMap((item) =>
    item.kind === "rect" ? [{ x: item.x + item.width / 2, fill: item.fill }] : [],
  );
  expect(dots.map(({ fill }) => fill)).toEqual(rows.map(({ colour }) => colour));
  for (const [i, { value, low, high }] of rows.entries()) {
    const intervals = chart.items.flatMap((item) =>
      item.kind === "line" && item.stroke === rows[i].colour && item.y1 === item.y2 ? [item] : [],
    );
    expect(intervals).toHaveLength(1);
    const [{ x1, x2 }] = intervals;
    expect((dots[i].x - x1) / (x2 - x1)).toBeCloseTo((value - low) / (high - low), 9);
  }
});

test("what lies beyond the extent is shown all the same", () => {
  const wide = intervalChart({
    title: "",
    xLabel: "",
    extent: { from: 0, to: 1 },
    rows: [{ ...rows[0], low: -5 }],
  });
  for (const item of wide.items) {
    if (item.kind === "line") expect(Math.min(item.x1, item.x2)).toBeGreaterThan(0);
  }
});

test("it says in words what it shows, and shortens names in the middle", () => {
  expect(chart.description).toBe(
    "first: 50.0 (40.0 to 65.0). second & last of a long row of names: 12.0 (10.0 to 14.0).",
  );
  expect(toSvg(chart)).toContain(">second &amp; last … row of names<");
});
