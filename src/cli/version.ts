/** @file The version of the package. */
import { readRelease } from "../platform/node/release.ts";

export const version = (): string => readRelease().version;
