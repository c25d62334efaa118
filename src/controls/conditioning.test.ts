import { describe, expect, it } from "vitest";
import { timelineOf } from "../../test/suites/control.ts";
import { openRepresentation } from "../representations/index.ts";
import { openConditioning, unconditioned } from "./index.ts";

const performance = openRepresentation("performance");
const both = ["note-density", "pitch-class-histogram"];
const tokens = [60, 64, 256 + 99, 188, 192];
const [density, histogram] = openConditioning(performance, both, "none").controls;
const of = (values: Float32Array, row: number, size: number) => [
  ...values.subarray(row * size, (row + 1) * size),
];

describe("layouts", () => {
  it.each([
    ["none", 20],
    ["shared", 21],
    ["each", 22],
  ] as const)("with flags %s have %d floats", (flags, size) => {
    expect(openConditioning(performance, both, flags).size).toBe(size);
  });

  it("without controls are empty, whatever the flags", () => {
    for (const flags of ["none", "shared", "each"] as const) {
      const { size, row } = openConditioning(performance, [], flags);
      expect([size, row([]).length]).toEqual([0, 0]);
    }
  });

  it("put controls one after the other, each behind its flag or all behind one", () => {
    const timeline = timelineOf(tokens);
    const rows = (flags: "none" | "shared" | "each") => {
      const { size, compute } = openConditioning(performance, both, flags);
      return of(compute(timeline), 2, size);
    };
    const told = [of(density.compute(timeline), 2, 8), of(histogram.compute(timeline), 2, 12)];
    expect(rows("none")).toEqual([...told[0], ...told[1]]);
    expect(rows("shared")).toEqual([0, ...told[0], ...told[1]]);
    expect(rows("each")).toEqual([0, ...told[0], 0, ...told[1]]);
  });
});

describe("what is not told", () => {
  const value = density.read("3")[0];

  it("is a flag of its own", () => {
    const { row } = openConditioning(performance, both, "each");
    expect([...row([value, undefined])]).toEqual([0, ...value, 1, ...new Array(12).fill(0)]);
    expect([...row([undefined, undefined])]).toEqual([
      1,
      ...new Array(8).fill(0),
      1,
      ...new Array(12).fill(0),
    ]);
  });

  it("is the shared flag where nothing is told, and Magenta's usual values where one thing is", () => {
    const { row } = openConditioning(performance, both, "shared");
    expect([...row([undefined, undefined])]).toEqual([1, ...new Array(20).fill(0)]);
    expect([...row([value, undefined])]).toEqual([0, ...value, ...new Float32Array(12).fill(1 / 12)]);
    // 15 notes per second are of class 4.
    expect(row([undefined, undefined]).length).toBe(21);
    expect([
      ...openConditioning(performance, both, "none").row([undefined, undefined]).subarray(0, 8),
    ]).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
  });

  it("can be taken back, one or all", () => {
    const each = openConditioning(performance, both, "each");
    const rows = each.compute(timelineOf(tokens));
    const before = rows.slice();
    each.silence(rows, [false, true]);
    expect(of(rows, 1, 22).slice(0, 9)).toEqual(of(before, 1, 22).slice(0, 9));
    expect(of(rows, 1, 22).slice(9)).toEqual([1, ...new Array(12).fill(0)]);
    const shared = openConditioning(performance, both, "shared");
    const all = shared.compute(timelineOf(tokens));
    shared.silence(all, [true, true]);
    expect(all).toEqual(unconditioned(shared).compute(timelineOf(tokens)));
  });
});

describe("controls as they are typed", () => {
  const read = (name: string, text: string) => {
    const [control] = openConditioning(performance, [name], "none").controls;
    return control.read(text).map((row) => [...row]);
  };

  it("are values, or several over the piece", () => {
    expect(read("note-density", "2, 8").map((row) => row.indexOf(1))).toEqual([2, 4]);
    expect(read("mean-velocity", "30,127").map((row) => row.indexOf(1))).toEqual([0, 7]);
    expect(read("inter-onset", "0.05;2").map((row) => row.indexOf(1))).toEqual([0, 7]);
    expect(read("composer", "chopin; unknown; Bach").map((row) => row.indexOf(1))).toEqual([7, 0, 8]);
    expect(read("pitch-class-histogram", "[1,0,0,0,3,0,0,0,0,0,0,0];0 0 0 0 0 0 0 0 0 0 0 2")).toEqual([
      [0.25, 0, 0, 0, 0.75, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ]);
  });

  it.each([
    ["note-density", "-1", "--density"],
    ["note-density", "loud", "--density"],
    ["mean-velocity", "0", "--mean-velocity"],
    ["inter-onset", "", "--inter-onset"],
    ["pitch-class-histogram", "1,2,3", "of 3 numbers"],
    ["pitch-class-histogram", "0,0,0,0,0,0,0,0,0,0,0,0", "of zeros alone"],
    ["pitch-class-histogram", "1,0,0,0,0,0,0,0,0,0,0,-1", "none below 0"],
    ["composer", "franz", "which may be Franz Liszt or Franz Schubert"],
    ["composer", "Salieri", "which the model does not know"],
  ])("%s %j is refused in one sentence", (name, text, words) => {
    expect(() => read(name, text)).toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringContaining(words) }),
    );
    expect(() => read(name, text)).toThrow(/^found .*, expected /);
  });
});
