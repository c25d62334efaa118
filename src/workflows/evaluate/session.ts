/** @file What computes a likelihood: a device by name, and how many threads. */
import type { z } from "zod";
import type { Platform } from "../../platform/platform.ts";
import type { SessionOptions } from "../../runtime/session.ts";
import { type DeviceName, type deviceSchema, openDevice } from "../device/index.ts";

export interface ComputeOptions {
  readonly device: z.output<typeof deviceSchema>;
  readonly threads?: number | undefined;
}

/** @throws UsageError for an absent device */
export async function openCompute(
  platform: Platform,
  { device: wanted, threads }: ComputeOptions,
): Promise<{ readonly device: DeviceName; readonly session: SessionOptions }> {
  const { name, provider } = await openDevice(platform, wanted);
  return {
    device: name,
    session: {
      ...(provider !== undefined && { provider }),
      ...(threads !== undefined && { threads }),
    },
  };
}
