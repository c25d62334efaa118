/**
 * @file Several controls as one row of floats beside each token, with or without flags that say "not told". Magenta's
 * layouts (REPRESENTATIONS 1.6) are the plain one and the one with a shared flag; with a flag each, any of them may be
 * left out.
 */
import type { Timeline } from "../representations/index.ts";
import type { About, Control } from "./control.ts";

/**
 * none: all controls, always. shared: a flag, then all controls; where the flag is 1 the rest is zeros. each: every
 * control with a flag of its own before it.
 */
export const controlFlags = ["none", "shared", "each"] as const;
export type ControlFlags = (typeof controlFlags)[number];

export interface Conditioning {
  readonly controls: readonly Control[];
  readonly flags: ControlFlags;
  /** Floats of a row; 0 where there are no controls. */
  readonly size: number;
  /** Rows of a whole piece, everything told. [tokens × size] */
  compute(timeline: Timeline, about?: About): Float32Array;
  /**
   * One row of what is told, control by control; undefined for what is not told: that is said by a flag, or, where there
   * is none for it, by the control's neutral value.
   */
  row(values: readonly (Float32Array | undefined)[]): Float32Array;
  /** Takes back what some controls say in some rows of a table; all of them where they share a flag. */
  silence(rows: Float32Array, which: readonly boolean[]): void;
}

export function createConditioning(controls: readonly Control[], flags: ControlFlags): Conditioning {
  const each = flags === "each" ? 1 : 0;
  const shared = flags === "shared" && controls.length > 0 ? 1 : 0;
  let size = shared;
  // Where the values of each control begin; its own flag, if any, stands before them.
  const places = controls.map((control) => {
    const place = size + each;
    size = place + control.size;
    return place;
  });
  const row: Conditioning["row"] = (values) => {
    const all = new Float32Array(size);
    if (shared === 1 && values.every((value) => value === undefined)) {
      all[0] = 1;
      return all;
    }
    for (const [i, { neutral }] of controls.entries()) {
      const value = values[i];
      if (value === undefined && each === 1) all[places[i] - 1] = 1;
      else all.set(value ?? neutral, places[i]);
    }
    return all;
  };
  return {
    controls,
    flags,
    size,
    row,
    compute(timeline, about) {
      const rows = new Float32Array(timeline.steps.length * size);
      for (const [i, control] of controls.entries()) {
        const values = control.compute(timeline, about);
        for (let token = 0; token < timeline.steps.length; token++) {
          const own = values.subarray(token * control.size, (token + 1) * control.size);
          rows.set(own, token * size + places[i]);
        }
      }
      return rows;
    },
    silence(rows, which) {
      for (let at = 0; at < rows.length; at += size) {
        if (shared === 1 && which.every((each) => each)) {
          rows.fill(0, at, at + size);
          rows[at] = 1;
        }
        for (const [i, control] of controls.entries()) {
          if (each === 0 || !which[i]) continue;
          rows.fill(0, at + places[i], at + places[i] + control.size);
          rows[at + places[i] - 1] = 1;
        }
      }
    },
  };
}

/** The same floats with nothing told at all: what a model does by itself. */
export function unconditioned({ size, controls, row }: Conditioning): Pick<Conditioning, "size" | "compute"> {
  return {
    size,
    compute({ steps }) {
      const nothing = row(controls.map(() => undefined));
      const rows = new Float32Array(steps.length * size);
      for (let at = 0; at < rows.length; at += size) rows.set(nothing, at);
      return rows;
    },
  };
}
