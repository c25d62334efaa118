/** @file Surprise over time as a picture. */
import { lineChart, type Scene } from "../../plot/index.ts";
import type { Second } from "./surprise.ts";

export function drawSurprise(title: string, seconds: readonly Second[]): Scene {
  const x = seconds.map((_, i) => i + 0.5);
  const series = (name: string, value: (second: Second) => number) => ({ name, x, y: seconds.map(value) });
  return lineChart({
    title: `Surprise in ${title}`,
    xLabel: "seconds",
    panels: [
      // A second without events has none to be surprised by: a gap.
      {
        title: "nats per event",
        series: [series("mean of each second", ({ nats, events }) => nats / events)],
      },
      { title: "nats", series: [series("sum of each second", ({ nats }) => nats)] },
    ],
  });
}
