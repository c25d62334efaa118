/** @file What every table of figures has to say: hardware, Node, commit. */
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

export function describeMachine(): string {
  const [cpu] = cpus();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const dirty =
    execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" }).trim() === "" ? "" : " with changes";
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${cpus().length} × ${cpu?.model ?? "unknown processor"}, ${memory} GiB, Node ${process.version}, ` +
    `load ${loadavg()[0].toFixed(2)}, commit ${commit}${dirty}`
  );
}
