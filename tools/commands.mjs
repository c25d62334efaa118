// Runs commands of `rubato` one after the other, each printed before it runs. Plain Node: no shell, on any system.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** What one would type: words with a space or a sign that shells read stand in quotes. */
export const asTyped = (words) =>
  words.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");

/**
 * Runs the commands in the working folder; the first that fails ends the program with its exit code.
 *
 * @param {readonly (readonly string[])[]} commands the words after `rubato`
 */
export function runAll(commands) {
  if (!existsSync(main)) {
    console.error("rubato is not built yet: run `npm install`, or `npm run build`");
    process.exit(1);
  }
  for (const words of commands) {
    console.log(`\n$ rubato ${asTyped(words)}`);
    const { status, error } = spawnSync(process.execPath, [main, ...words], { stdio: "inherit" });
    if (error) console.error(error.message);
    if (status !== 0) process.exit(status ?? 1);
  }
}
