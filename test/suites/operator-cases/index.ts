/** @module Cases of all operators, by family. */
import * as arithmetic from "./arithmetic.ts";
import type { FamilyCases } from "./case.ts";
import * as comparison from "./comparison.ts";
import * as indexing from "./indexing.ts";
import * as layout from "./layout.ts";
import * as matrix from "./matrix.ts";
import * as normalization from "./normalization.ts";
import * as ordering from "./ordering.ts";
import * as quantized from "./quantized.ts";
import * as reduction from "./reduction.ts";
import * as rotary from "./rotary.ts";
import * as softmax from "./softmax.ts";
import * as unary from "./unary.ts";

export const families: Readonly<Record<string, FamilyCases>> = {
  arithmetic,
  comparison,
  indexing,
  layout,
  matrix,
  normalization,
  ordering,
  quantized,
  reduction,
  rotary,
  softmax,
  unary,
};
