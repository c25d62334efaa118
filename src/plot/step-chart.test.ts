import { expect, test } from "vitest";
import { stepChart } from "./step-chart.ts";

const chart = stepChart({
  title: "pitch",
  xLabel: "bin",
  ticks: [{ at: 0.5, label: "C" }],
  bins: 4,
  ground: { name: "people", shares: [0.5, 0.5, 0, 0], colour: "#d4d8df" },
  lines: [{ name: "mine", shares: [0.25, 0.25, 0.25, 0.25], colour: "#0072b2" }],
  width: 454,
});

test("the ground fills the bins that have a share, and steps run over all of them", () => {
  const filled = chart.items.flatMap((item) => (item.kind === "rect" ? [item] : []));
  expect(filled.map(({ x }) => x)).toEqual([44, 144]);
  const [line] = chart.items.flatMap((item) => (item.kind === "polyline" ? [item] : []));
  expect(line.points.filter((_, i) => i % 2 === 0)).toEqual([44, 144, 144, 244, 244, 344, 344, 444]);
  const heights = line.points.filter((_, i) => i % 2 === 1);
  expect(new Set(heights).size).toBe(1);
  expect(150 - heights[0]).toBeCloseTo(filled[0].height / 2, 9);
});

test("it says in words what it shows", () => {
  expect(chart.description).toBe("people: most in bin 1 of 4, 50.0 %. mine: most in bin 1 of 4, 25.0 %.");
});

test("nothing is drawn from nothing", () => {
  const nothing = { name: "silence", shares: [0, 0], colour: "#000000" };
  const { items } = stepChart({ title: "", xLabel: "", ticks: [], bins: 2, ground: nothing, lines: [] });
  expect(items.every((item) => item.kind !== "rect")).toBe(true);
});

test("what may leave the frame does so where it is far higher, and says how high it goes", () => {
  const { ground, lines } = {
    ground: { name: "people", shares: [0.1, 0.2], colour: "#d4d8df" },
    lines: [{ name: "noise", shares: [0.05, 0.95], colour: "#84694f", mayLeave: true }],
  };
  const { items } = stepChart({ title: "", xLabel: "", ticks: [], bins: 2, ground, lines });
  const [line] = items.flatMap((item) => (item.kind === "polyline" ? [item] : []));
  expect(Math.min(...line.points.filter((_, i) => i % 2 === 1))).toBe(10);
  expect(items).toContainEqual(expect.objectContaining({ text: "up to 95 %" }));
  const near = stepChart({
    title: "",
    xLabel: "",
    ticks: [],
    bins: 2,
    ground,
    lines: [{ ...lines[0], shares: [0.75, 0.25] }],
  });
  expect(near.items).toContainEqual(expect.objectContaining({ text: "up to 75 %" }));
  const inside = stepChart({
    title: "",
    xLabel: "",
    ticks: [],
    bins: 2,
    ground,
    lines: [{ ...lines[0], shares: [0.75, 0.25], mayLeave: false }],
  });
  expect(inside.items).not.toContainEqual(expect.objectContaining({ text: "up to 75 %" }));
});
