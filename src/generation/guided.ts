/**
 * @file Guidance without a classifier (Ho & Salimans 2022; for sequences Sanchez et al. 2023): the model hears everything
 * twice, told and not told, and what telling changes is made stronger or weaker.
 */

import { logSumExp } from "./draw.ts";
import type { Listener, Listeners } from "./listener.ts";

/**
 * Listeners that answer log p(untold) + strength · (log p(told) − log p(untold)).
 *
 * @param nothing the floats that tell nothing
 * @param strength 1 leaves the model as it is told, 0 as if it was not, above 1 overdoes it
 */
export function guided(listeners: Listeners, nothing: Float32Array, strength: number): Listeners {
  // What is not told changes nothing at a strength of 1, and is not asked for.
  if (strength === 1) return listeners;
  return {
    create: () => guidedListener(listeners.create(), listeners.create(), nothing, strength),
    dispose: () => listeners.dispose(),
  };
}

function guidedListener(told: Listener, untold: Listener, nothing: Float32Array, strength: number): Listener {
  return {
    async hear(token, controls) {
      // Both may answer in one array: what is kept is computed before the next is asked.
      const by = relative(await told.hear(token, controls));
      const base = relative(await untold.hear(token, nothing));
      return base.map((log, i) => log + strength * (by[i] - log));
    },
    copy: () => guidedListener(told.copy(), untold.copy(), nothing, strength),
  };
}

/** Logits as logarithms of probabilities. */
function relative(logits: Float32Array): Float32Array {
  const total = logSumExp(logits);
  return logits.map((logit) => logit - total);
}
