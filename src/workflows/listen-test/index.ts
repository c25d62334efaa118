/** @module `listen-test`: which systems people prefer, when they do not know which is which. */
export type { Estimate } from "../../evaluation/index.ts";
export { type ListeningKit, listenTest } from "./kit.ts";
export {
  type ListenResultsInput,
  type ListenTestInput,
  listenResultsSchema,
  listenTestSchema,
} from "./options.ts";
export {
  type ListeningResults,
  listenResults,
  type PairPreference,
  type Preference,
  type SystemPreference,
} from "./results.ts";
