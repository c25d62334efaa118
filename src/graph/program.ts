/** @file Program: what a graph is asked for, by name. */
import type { Tensor } from "./tensor.ts";

export interface Program {
  /** Given where order matters, or where an input is to stay although nothing depends on it. */
  readonly inputs?: readonly Tensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}
