import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { describeWithData } from "./shared-data.ts";
import { roundTrip } from "./suites/round-trip.ts";

describeWithData("the round trip of all of MAESTRO", "maestro-v3.0.0", (folder) => {
  const table: { midi_filename: Record<string, string>; split: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, "maestro-v3.0.0.json"), "utf8"),
  );
  const splits = new Map(Object.entries(table.midi_filename).map(([row, path]) => [path, table.split[row]]));
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => splits.has(path));

  it.each([
    {
      name: "performance",
      train: { tokens: 22_885_712, notes: 5_659_329 },
      validation: { tokens: 2_591_657, notes: 639_425 },
      oneStepNotes: 7243,
    },
    {
      name: "performance-pedal",
      train: { tokens: 27_024_873, notes: 5_659_329 },
      validation: { tokens: 3_070_272, notes: 639_425 },
      oneStepNotes: 15_746,
    },
  ])("$name: every note and pedal comes back as near as its grid allows", ({ name, ...expected }) => {
    const representations = {
      centre: openRepresentation(name),
      floor: openRepresentation(name, { decodeVelocity: "floor" }),
    };
    const faults: string[] = [];
    const found = { train: { tokens: 0, notes: 0 }, validation: { tokens: 0, notes: 0 }, oneStepNotes: 0 };
    for (const path of paths) {
      const { performance } = readPerformance(readFileSync(join(folder, path)));
      const trip = roundTrip(performance, representations);
      faults.push(...trip.faults.map((fault) => `${path}: ${fault}`));
      const split = splits.get(path) === "train" ? found.train : found.validation;
      split.tokens += trip.tokens;
      split.notes += trip.notes;
      found.oneStepNotes += trip.oneStepNotes;
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(found).toEqual(expected);
  });
});
