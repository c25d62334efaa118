/** @file A scene as the bytes of a PNG file. The only file that needs an encoder: import it when it is wanted. */

import { encode } from "fast-png";
import { rasterise } from "./raster.ts";
import type { Scene } from "./scene.ts";

export function toPng(scene: Scene): Uint8Array {
  const { width, height, pixels } = rasterise(scene);
  return encode({ width, height, data: pixels, channels: 3, depth: 8 });
}
