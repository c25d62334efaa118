import { describe, expect, it } from "vitest";
import { compositionOf } from "./composition.ts";

describe("what a file is called", () => {
  it("by where it lies", () => {
    expect(compositionOf("debussy/preludes/La mer.MID.gz", undefined)).toEqual({
      label: "debussy/preludes",
      composer: "debussy",
      title: "La mer",
    });
    expect(compositionOf("a.mid", undefined)).toEqual({ label: "", composer: "", title: "a" });
  });

  it("by its table, as far as that goes", () => {
    const row = { file: "x", id: undefined, composer: "Liszt", title: "", split: undefined, seconds: 1 };
    expect(compositionOf("2004/x.midi", row)).toEqual({ label: "2004", composer: "Liszt", title: "x" });
  });

  it.each([
    ["fugue (2).mid", "fugue"],
    ["fugue_v3.mid", "fugue"],
    ["fugue-Version 2.mid", "fugue"],
    ["fugue - copy (2).mid", "fugue"],
    ["fugue take 4.kar", "fugue"],
    ["fugue_ver.2.mid", "fugue"],
    // Words that end like a version are none, and numbers tell pieces apart.
    ["cobalt.mid", "cobalt"],
    ["mistake.mid", "mistake"],
    ["lava2.mid", "lava2"],
    ["fugue 2.mid", "fugue 2"],
    ["v2.mid", "v2"],
    ["(1).mid", "(1)"],
  ])("%s is %s", (file, title) => {
    expect(compositionOf(file, undefined).title).toBe(title);
  });
});
