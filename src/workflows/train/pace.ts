/**
 * @file How fast a training walks through its schedule. A fixed number of updates takes one step of the schedule each. A
 * fixed time is measured as it passes: what is left of the schedule is spread over the updates that still fit.
 */
export interface Pace {
  /** Place in the schedule. */
  readonly at: number;
  /** How far an update moves it. */
  readonly stride: number;
}

export const moved = ({ at, stride }: Pace): Pace => ({ at: at + stride, stride });

/**
 * The pace at which a schedule ends with the time.
 *
 * @param length of the schedule
 * @param seconds that are left
 * @param secondsPerStep of late
 */
export function fitted({ at }: Pace, length: number, seconds: number, secondsPerStep: number): Pace {
  const updates = Math.max(1, seconds / secondsPerStep);
  return { at, stride: Math.max((length - at) / updates, Number.EPSILON) };
}

/** Updates until the schedule ends. */
export const updatesLeft = ({ at, stride }: Pace, length: number): number =>
  Math.max(0, Math.ceil((length - at) / stride - 1e-9));
