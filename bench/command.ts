/** @file The command line as a newcomer runs it, from the sources, and what it says as JSON. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

/** Progress goes to the terminal. */
export function rubato(...args: readonly string[]): unknown {
  const output = execFileSync(process.execPath, ["--import", "tsx", main, ...args, "--json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output);
}
