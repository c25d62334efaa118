/** @file The laws of operators, on the reference evaluation. */
import { describe } from "vitest";
import { operatorLaws } from "./suites/operators.ts";

describe("operators", () => {
  operatorLaws();
});
