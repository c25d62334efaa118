/** @file Generation in headless Chromium: wasm with SIMD, with one thread and with two. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { servePage } from "../../test/runtime/browser-server.ts";

const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;

export interface BrowserSpeed {
  readonly threads: number;
  readonly stepsPerCall: number;
  readonly tokensPerSecond: number;
}

/** @returns undefined, and says why, where there is no Chromium */
export async function measureBrowser(): Promise<readonly BrowserSpeed[] | undefined> {
  if (!existsSync(executablePath)) {
    console.log(`No browser: there is no ${executablePath}; CHROMIUM may name another.`);
    return undefined;
  }
  const server = await servePage({ isolated: true, script: "bench/engine/browser-page.ts" });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.waitForFunction("globalThis.measure !== undefined");
    const speeds: BrowserSpeed[] = [];
    for (const [stepsPerCall, threads] of [
      [1, 1],
      [8, 1],
      [8, 2],
    ] as const) {
      const tokensPerSecond = Number(await page.evaluate(`measure(${stepsPerCall}, ${threads})`));
      speeds.push({ threads, stepsPerCall, tokensPerSecond });
    }
    return speeds;
  } finally {
    await browser.close();
    await server.close();
  }
}
