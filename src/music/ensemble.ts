/** @file Players of one piece, each on a lane of its own. */
import type { Instrument } from "./performance.ts";
import { programName } from "./program.ts";

/**
 * Drums are on the tenth channel; the sixteenth player is on the next port.
 *
 * @param players programs 0 to 127, each at most once, and drums, whose program is not looked at
 */
export function ensembleOf(
  players: readonly Pick<Instrument, "program" | "isDrum">[],
): readonly Instrument[] {
  return players.map(({ program, isDrum }, index) => {
    if (isDrum) return { name: "Drums", program: 0, isDrum, channel: 9 };
    const channel = index % 15;
    const lane = Math.floor(index / 15) * 16 + channel + (channel >= 9 ? 1 : 0);
    return { name: programName(program), program, isDrum, channel: lane };
  });
}
