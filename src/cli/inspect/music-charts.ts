/** @file The charts that every kind of music has, one piece or many. */
import type { Histogram } from "../../music/index.ts";
import { type Chart, chart, histogram, loudnessTint } from "./charts.ts";
import type { Page } from "./page.ts";

export interface ChartedMusic {
  readonly velocity: { readonly histogram: Histogram };
  readonly interOnsetInterval: { readonly histogram: Histogram };
  readonly noteDuration: { readonly histogram: Histogram };
  readonly polyphony: { readonly timeShares: readonly number[] };
  readonly pitchClasses: readonly { readonly name: string; readonly notes: number }[];
}

export function musicCharts(page: Page, music: ChartedMusic): readonly Chart[] {
  const { velocity, interOnsetInterval, noteDuration, polyphony, pitchClasses } = music;
  const letters = pitchClasses.map(({ name }, i): [number, string] => [i * 3, name]);
  const keys = ["0", "1", "2", "3", "4", "5+"].map((text, i): [number, string] => [i * 4, text]);
  return [
    histogram(
      page,
      "velocity",
      velocity.histogram,
      [
        [1, "1"],
        [32, "32"],
        [64, "64"],
        [96, "96"],
        [124, "127"],
      ],
      loudnessTint,
    ),
    // Drums have no pitch classes.
    ...(pitchClasses.every(({ notes }) => notes === 0)
      ? []
      : [
          chart(page, {
            title: "pitch classes",
            values: pitchClasses.map(({ notes }) => notes),
            bar: [2, 1],
            axis: letters,
          }),
        ]),
    histogram(page, "from onset to onset", interOnsetInterval.histogram, [
      [0.005, "5 ms"],
      [0.05, "50 ms"],
      [0.5, "0.5 s"],
    ]),
    histogram(page, "how long notes are held", noteDuration.histogram, [
      [0.02, "20 ms"],
      [0.2, "0.2 s"],
      [2, "2 s"],
    ]),
    chart(page, { title: "time by notes held", values: polyphony.timeShares, bar: [3, 1], axis: keys }),
  ];
}
