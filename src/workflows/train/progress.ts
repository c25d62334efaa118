/** @file What a run has measured of itself lately: its speed, its loss, and the line that says so. */
import type { Platform } from "../../platform/platform.ts";
import type { TrainerStep } from "../../training/index.ts";
import { updatesLeft } from "./pace.ts";
import type { Standing } from "./state.ts";

export interface RunProgress {
  stepped(step: Pick<TrainerStep, "loss" | "tokens">, seconds: number): void;
  validated(loss: number, seconds: number): void;
  /** Undefined before there was a step that did not pay for what is made ready once. */
  secondsPerStep(): number | undefined;
  secondsPerValidation(): number;
  tokensPerSecond(): number;
  /** The mean of the losses since it was last taken. */
  takeLoss(): number;
  report(standing: Standing, deadline: number | undefined): void;
}

/** Weight of the newest measurement in a running mean. */
const share = 0.1;

export function createProgress({ report, now }: Platform, length: number): RunProgress {
  let perStep: number | undefined;
  // Of both alike: a batch at the end of a pass may hold a few tokens in as many rows as ever.
  let tokensPerStep = 0;
  let perValidation = 0;
  let steps = 0;
  let losses = { sum: 0, count: 0 };
  let shown = Number.NaN;
  let validation: number | undefined;
  const tokensPerSecond = () => (perStep === undefined ? 0 : tokensPerStep / perStep);
  const mean = () => (losses.count === 0 ? shown : losses.sum / losses.count);
  return {
    stepped({ loss, tokens }, seconds) {
      losses = { sum: losses.sum + loss, count: losses.count + 1 };
      if (++steps === 1) return;
      tokensPerStep = perStep === undefined ? tokens : tokensPerStep + share * (tokens - tokensPerStep);
      perStep = perStep === undefined ? seconds : perStep + share * (seconds - perStep);
    },
    validated(loss, seconds) {
      validation = loss;
      perValidation = seconds;
    },
    secondsPerStep: () => perStep,
    secondsPerValidation: () => perValidation,
    tokensPerSecond,
    takeLoss() {
      shown = mean();
      losses = { sum: 0, count: 0 };
      return shown;
    },
    report({ step, pace, position }, deadline) {
      const left = updatesLeft(pace, length);
      const parts = [
        `pass ${position.epoch + 1}`,
        `loss ${mean().toFixed(3)}`,
        ...(validation === undefined ? [] : [`validation ${validation.toFixed(3)}`]),
        `${Math.round(tokensPerSecond()).toLocaleString("en")} tokens/s`,
      ];
      const seconds = deadline === undefined ? perStep && left * perStep : (deadline - now()) / 1000;
      report({
        stage: "training",
        done: step,
        total: step + left,
        unit: "updates",
        detail: parts.join(" · "),
        ...(seconds !== undefined && { secondsLeft: Math.max(0, seconds) }),
      });
    },
  };
}
